"""The runbook's table of permissions as Kafka's ACLs: what is written there is what the tests run with."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kafka.admin import ACL, ACLOperation, ACLPermissionType, ACLResourcePatternType, ResourcePattern, ResourceType

from tests.outside import ROOT

_OPERATIONS = {
    "Read": ACLOperation.READ,
    "Write": ACLOperation.WRITE,
    "Create": ACLOperation.CREATE,
    "Describe": ACLOperation.DESCRIBE,
    "DescribeConfigs": ACLOperation.DESCRIBE_CONFIGS,
}
_RESOURCES = {
    "topic": ResourceType.TOPIC,
    "group": ResourceType.GROUP,
    "transactional id": ResourceType.TRANSACTIONAL_ID,
}
_NAME = re.compile(r"`(?P<name>[^`]+)`(?P<prefix> \(prefix\))?")


@dataclass(frozen=True, slots=True)
class Permission:
    """One operation on one resource; `user` is the table's first column."""

    user: str
    resource: str
    name: str
    is_prefix: bool
    operation: str

    def acl(self, principal: str) -> ACL:
        """For kafka-python's admin client."""
        pattern = ACLResourcePatternType.PREFIXED if self.is_prefix else ACLResourcePatternType.LITERAL
        return ACL(
            principal=f"User:{principal}",
            host="*",
            operation=_OPERATIONS[self.operation],
            permission_type=ACLPermissionType.ALLOW,
            resource_pattern=ResourcePattern(_RESOURCES[self.resource], self.name, pattern),
        )


def permissions() -> tuple[Permission, ...]:
    """Every row of the table that names what it allows (a consumer's own group has no name there)."""
    return tuple(_rows())


def _rows() -> Iterator[Permission]:
    section = (
        (ROOT / "deploy" / "RUNBOOK.md")
        .read_text(encoding="utf-8")
        .partition("## Permissions")[2]
        .partition("\n## ")[0]
    )
    user = ""
    for line in section.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if not line.startswith("|") or len(cells) != 4 or cells[1] not in _RESOURCES:
            continue
        user = cells[0] or user
        names = (
            [("geosignals", " (prefix)")]
            if cells[2].startswith("the group's name")
            else _NAME.findall(cells[2].partition("(with")[0])
        )
        for name, prefix in names:
            for operation in cells[3].split(", "):
                yield Permission(user, cells[1], name, bool(prefix), operation)
