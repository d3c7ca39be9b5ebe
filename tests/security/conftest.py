"""A Kafka that lets nobody in without a name and allows nothing that the runbook's table does not."""

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer

from streams.embedded import Broker
from streams.embedded.server import HOST
from streams.kafka import client_options, create_topics, wait_for_group
from streams.settings import KafkaSettings, Settings
from tests.security.certificates import Authority
from tests.security.permissions import permissions
from tests.shell.conftest import CACHE

PASSWORD = "s3cret-of-the-test"
WAYS = ("scram", "plain", "saslplain", "mutual")
LISTENERS = {"SCRAM": "SASL_SSL", "PLAINSSL": "SASL_SSL", "SASLPLAIN": "SASL_PLAINTEXT", "MUTUAL": "SSL"}
ROLES = {
    "live": ("worker, live lane",),
    "replaylane": ("worker, replay lane",),
    "once": ("worker, live lane", "either, with `GEOSIGNALS_KAFKA__EXACTLY_ONCE`"),
    "creator": ("`geosignals topics create`",),
    "checker": ("`geosignals topics check`",),
    "replayer": ("`geosignals replay` from files",),
    "rewinder": ("`geosignals replay` from files", "`geosignals replay --from-topic`", "`geosignals replay --max-lag`"),
    "lister": ("`geosignals dlq list`",),
    "requeuer": ("`geosignals dlq requeue`",),
    "sender": ("who sends articles",),
    "revoked": ("worker, live lane",),
    "stranger": (),
}
"""User -> the rows of the runbook's table that it is given."""

LACKING = {
    f"lacks{number}": (
        allowed,
        tuple(each for each in permissions() if each.user == "worker, live lane" and each != allowed),
    )
    for number, allowed in enumerate(each for each in permissions() if each.user == "worker, live lane")
}
"""User -> what a live worker needs and this one lacks, and all the rest, which it has."""

USERS = (*ROLES, *LACKING)


@dataclass
class Site:
    """The broker, and how to be one of its users."""

    broker: Broker
    home: Path
    authority: Authority
    admin: KafkaSettings
    processes: list["subprocess.Popen[str]"] = field(default_factory=list)

    def access(self, how: str, user: str, password: str = PASSWORD) -> dict[str, str]:
        """The settings with which a user comes in: scram, plain (over TLS), saslplain (without) or mutual."""
        secret = self.home / f"{user}.{len(password)}.secret"
        secret.write_text(f"{password}\n", encoding="utf-8")
        sasl = {"SASL_USERNAME": user, "SASL_PASSWORD_FILE": str(secret)}
        tls = {"SSL_CAFILE": str(self.authority.cafile)}
        if how == "mutual":
            certfile, keyfile = self.authority.client(user, PASSWORD)
            own = {"SSL_CERTFILE": str(certfile), "SSL_KEYFILE": str(keyfile), "SSL_KEY_PASSWORD_FILE": str(secret)}
            return self._named("MUTUAL", {**tls, **own})
        if how == "scram":
            return self._named("SCRAM", {**tls, **sasl, "SASL_MECHANISM": "SCRAM-SHA-512"})
        if how == "plain":
            return self._named("PLAINSSL", {**tls, **sasl, "SASL_MECHANISM": "PLAIN"})
        return self._named("SASLPLAIN", {**sasl, "SASL_MECHANISM": "PLAIN"})

    def _named(self, listener: str, settings: dict[str, str]) -> dict[str, str]:
        all_settings = {
            "BOOTSTRAP_SERVERS": self.broker.address(listener),
            "SECURITY_PROTOCOL": LISTENERS[listener],
            **settings,
        }
        return {f"GEOSIGNALS_KAFKA__{name}": value for name, value in all_settings.items()}

    def start(
        self, arguments: Sequence[str | Path], access: dict[str, str], log: Path | None = None
    ) -> "subprocess.Popen[str]":
        """A command of ours; its output goes to the end of the log, else into pipes."""
        clean = {name: value for name, value in os.environ.items() if not name.startswith("GEOSIGNALS_")}
        clean |= {
            "PYTHONWARNINGS": "ignore",
            "XDG_STATE_HOME": str(self.home / "state"),
            "GEOSIGNALS_METRICS__PORT": "0",
        }
        command = [sys.executable, "-c", "from streams.cli import main; main()", *map(str, arguments)]
        with log.open("a") if log is not None else nullcontext(subprocess.PIPE) as out:
            process = subprocess.Popen(command, env=clean | access, stdout=out, stderr=out, text=True)
        self.processes.append(process)
        return process

    def run(self, arguments: Sequence[str | Path], access: dict[str, str]) -> tuple[int, str, str]:
        """Exit code, standard output and standard error of a command that ends by itself."""
        process = self.start(arguments, access)
        out, err = process.communicate(timeout=120)
        return process.returncode, out, err


def _properties(authority: Authority) -> dict[str, str]:
    plain = " ".join(f'user_{user}="{PASSWORD}"' for user in USERS)
    module = "org.apache.kafka.common.security"
    tls = {
        "ssl.keystore.type": "PEM",
        "ssl.keystore.location": str(authority.server(HOST)),
        "ssl.truststore.type": "PEM",
        "ssl.truststore.location": str(authority.cafile),
        "ssl.principal.mapping.rules": r"RULE:^CN=([^,]+).*$/$1/,DEFAULT",
        "listener.name.mutual.ssl.client.auth": "required",
    }
    sasl = {
        "listener.name.scram.sasl.enabled.mechanisms": "SCRAM-SHA-512",
        "listener.name.scram.scram-sha-512.sasl.jaas.config": f"{module}.scram.ScramLoginModule required;",
        **{
            f"listener.name.{name}.{setting}": value
            for name in ("plainssl", "saslplain")
            for setting, value in (
                ("sasl.enabled.mechanisms", "PLAIN"),
                ("plain.sasl.jaas.config", f"{module}.plain.PlainLoginModule required {plain};"),
            )
        },
    }
    acls = {
        "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
        "super.users": "User:ANONYMOUS",  # who comes by the broker's own loopback listener: the tests' administrator
        "allow.everyone.if.no.acl.found": "false",
    }
    return tls | sasl | acls


@pytest.fixture(scope="package")
def secured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The broker with its topics, users and permissions."""
    home = tmp_path_factory.mktemp("secured")
    authority = Authority(home / "tls")
    scram = tuple(
        part for user in USERS for part in ("--add-scram", f"SCRAM-SHA-512=[name={user},password={PASSWORD}]")
    )
    with Broker(CACHE, listeners=LISTENERS, extra=_properties(authority), format_options=scram) as broker:
        admin = KafkaSettings(bootstrap_servers=broker.address())
        wait_for_group(admin, "any")
        create_topics(Settings.model_construct(**{**Settings().__dict__, "kafka": admin}))
        allow(admin)
        site = Site(broker, home, authority, admin)
        yield site
        for process in site.processes:
            if process.poll() is None:
                process.kill()
                process.wait()


def allow(admin: KafkaSettings) -> None:
    """Gives every user of ROLES and LACKING what it is to have."""
    client = KafkaAdminClient(**client_options(admin))
    acls = [each.acl(user) for user, rows in ROLES.items() for each in permissions() if each.user in rows]
    acls += [each.acl(user) for user, (_, kept) in LACKING.items() for each in kept]
    failures = client.create_acls(acls)["failed"]
    assert failures == []
    client.close()


def consumer(kafka: KafkaSettings, topic: str) -> KafkaConsumer:
    """A consumer of the tests' administrator from the topic's beginning."""
    return KafkaConsumer(topic, **client_options(kafka), auto_offset_reset="earliest", consumer_timeout_ms=2000)


def producer(kafka: KafkaSettings) -> KafkaProducer:
    """A producer of the tests' administrator."""
    return KafkaProducer(**client_options(kafka), acks="all")
