"""Kafka's jars: resolved once, checked against the pinned sha256 at every start, then used with no network at all."""

import fcntl
import hashlib
import os
import shutil
import tempfile
import threading
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

LOCK_FILE = Path(__file__).with_name("broker.lock.toml")
_POLL_SECONDS = 0.5
_NO_BROKER = (
    "`geosignals run --brokers HOST:PORT` uses a Kafka of yours instead, and `geosignals classify` needs none at all"
)


class BrokerUnavailable(Exception):
    """The embedded broker cannot be had or does not start; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Jar:
    """One pinned file: Maven coordinate `group:artifact:version` and the sha256 of its bytes in hex."""

    coordinate: str
    sha256: str

    @property
    def filename(self) -> str:
        _, artifact, version = self.coordinate.split(":")
        return f"{artifact}-{version}.jar"

    @property
    def repository_path(self) -> Path:
        """Where Maven's local repository keeps it, relative to that repository."""
        group, artifact, version = self.coordinate.split(":")
        return Path(*group.split("."), artifact, version, self.filename)


@dataclass(frozen=True, slots=True)
class Pins:
    """The broker that is pinned: its version, the coordinates asked for, and every jar that they bring."""

    kafka: str
    endpoint: str
    jars: tuple[Jar, ...]


def pins(lock_file: Path = LOCK_FILE) -> Pins:
    """What `broker.lock.toml` pins."""
    table = tomllib.loads(lock_file.read_text(encoding="utf-8"))
    return Pins(
        table["kafka"], table["endpoint"], tuple(Jar(coordinate, sha) for coordinate, sha in table["jars"].items())
    )


def pinned_jars(cache: Path, say: Callable[[str], None], pinned: Pins | None = None) -> Path:
    """The directory that holds exactly the pinned jars, each with its pinned sha256; `say` hears how a download goes.

    Raises BrokerUnavailable when they are not cached and cannot be fetched, or are not the pinned ones.
    """
    pinned = pinned or pins()
    shelf = cache / f"kafka-{pinned.kafka}"
    if not _faults(shelf, pinned):
        return shelf
    try:
        cache.mkdir(parents=True, exist_ok=True)
        with _only_one(cache / "download.lock"):
            if _faults(shelf, pinned):  # another process may have fetched them while this one waited
                _fetch(shelf, pinned, say)
    except OSError as error:
        raise BrokerUnavailable(f"cannot store Kafka's jars under {cache}: {error}; {_NO_BROKER}") from error
    return shelf


def _faults(shelf: Path, pinned: Pins) -> list[str]:
    """What keeps the directory from being the pinned set, one line each; empty when all is right."""
    found = {path.name: path for path in shelf.glob("*.jar")}
    wanted = {jar.filename: jar.sha256 for jar in pinned.jars}
    missing = [f"{name} is missing" for name in sorted(wanted.keys() - found.keys())]
    foreign = [f"{name} is not pinned" for name in sorted(found.keys() - wanted.keys())]
    if missing or foreign:
        return missing + foreign
    return [f"{name} has another sha256" for name, path in sorted(found.items()) if _sha256(path) != wanted[name]]


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _fetch(shelf: Path, pinned: Pins, say: Callable[[str], None]) -> None:
    scratch = Path(tempfile.mkdtemp(prefix="fetching-", dir=shelf.parent))
    try:
        staged = scratch / "jars"
        staged.mkdir()
        for path in _resolved(pinned, scratch, say):
            shutil.copyfile(path, staged / path.name)  # no link: what others do to Maven's copy must not reach ours
        if faults := _faults(staged, pinned):
            raise BrokerUnavailable(
                f"Kafka's jars are not the pinned ones, so they were not used: {'; '.join(faults[:3])}; "
                f"remove them from the local Maven repository and try again, or: {_NO_BROKER}"
            )
        shutil.rmtree(shelf, ignore_errors=True)
        os.replace(staged, shelf)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _resolved(pinned: Pins, scratch: Path, say: Callable[[str], None]) -> list[Path]:
    """The jar files that jgo resolves for the pinned endpoint, from where Maven is configured on this machine to look."""
    import jgo  # here, since only the very first start pays for it
    from jgo.config import GlobalSettings

    machine = GlobalSettings.load()
    with _progress(pinned, machine.repo_cache, say):
        try:
            environment = jgo.build(pinned.endpoint, cache_dir=scratch, repositories=machine.repositories)
        except Exception as error:  # jgo raises whatever its HTTP library, XML parser or disk raises
            raise BrokerUnavailable(
                f"Kafka {pinned.kafka} is not cached yet and could not be fetched ({type(error).__name__}): "
                f"the first start needs a network that reaches a Maven repository; {_NO_BROKER}"
            ) from error
    return [*environment.jars_dir.glob("*.jar"), *environment.modules_dir.glob("*.jar")]


@contextmanager
def _progress(pinned: Pins, repository: Path, say: Callable[[str], None]) -> Iterator[None]:
    """Tells `say` how many jars have arrived whenever the number changes, until the block ends."""
    done = threading.Event()

    def watch() -> None:
        told = -1
        while not done.wait(_POLL_SECONDS):
            here = sum((repository / jar.repository_path).exists() for jar in pinned.jars)
            if here != told:
                say(f"fetching Apache Kafka {pinned.kafka}, this first time only: {here} of {len(pinned.jars)} jars")
                told = here

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()


@contextmanager
def _only_one(lock_file: Path) -> Iterator[None]:
    """Lets one process at a time into the block; the lock ends with the process, however that ends."""
    with lock_file.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def pin(endpoint: str, kafka: str) -> str:
    """The text of `broker.lock.toml` for what the endpoint resolves to now: run when Kafka is raised to a new version."""
    with tempfile.TemporaryDirectory() as scratch:
        import jgo

        environment = jgo.build(endpoint, cache_dir=Path(scratch))
        shas: Mapping[str, str] = {p.name: _sha256(p) for p in Path(scratch).rglob("*.jar")}
        lock = tomllib.loads((environment.path / "jgo.lock.toml").read_text(encoding="utf-8"))
        jars = sorted(
            (Jar(f"{d['groupId']}:{d['artifactId']}:{d['version']}", "") for d in lock["dependencies"]),
            key=lambda jar: jar.coordinate,
        )
        rows = "\n".join(f'"{jar.coordinate}" = "{shas[jar.filename]}"' for jar in jars)
    return f'kafka = "{kafka}"\nendpoint = "{endpoint}"\n\n[jars]\n{rows}\n'


if __name__ == "__main__":
    current = pins()
    print(pin(current.endpoint, current.kafka), end="")
