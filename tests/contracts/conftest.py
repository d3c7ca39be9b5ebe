"""The shell's real Kafka."""

from tests.shell.conftest import broker, site

__all__ = ["broker", "site"]
