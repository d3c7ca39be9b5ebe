"""The broker that `geosignals run` brings along: pinned, private, and gone with its owner."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from kafka import KafkaConsumer, KafkaProducer

from streams.embedded import Broker, BrokerUnavailable
from streams.embedded.broker import cluster_id
from streams.embedded.jars import pinned_jars, pins
from tests.shell.conftest import CACHE, wait_until

STARTER = """
import sys, time
from pathlib import Path
from streams.embedded import Broker
from streams.embedded.tether import Tether
broker = Broker(Path(sys.argv[1]), tether=Tether(sys.argv[2]))
broker.start()
print(broker.pid, broker.address(), flush=True)
time.sleep(600)
"""


def _alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


@pytest.mark.parametrize("tether", ["kernel", "pipe"])
@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_parent_killed_leaves_no_broker_and_its_directory_is_swept(tether: str, tmp_path: Path) -> None:
    env = {**os.environ, "TMPDIR": str(tmp_path)}
    owner = subprocess.Popen(
        [sys.executable, "-c", STARTER, str(CACHE), tether], stdout=subprocess.PIPE, env=env, text=True
    )
    assert owner.stdout is not None
    pid = int(owner.stdout.readline().split()[0])
    children = {pid, *_children(pid)}
    owner.send_signal(signal.SIGKILL)
    owner.wait()
    wait_until(lambda: not any(map(_alive, children)), seconds=10, what="the broker is gone")
    assert list(tmp_path.glob("geosignals-broker-*"))
    subprocess.run([sys.executable, "-c", "from streams.embedded.home import sweep; sweep()"], env=env, check=True)
    assert not list(tmp_path.glob("geosignals-broker-*"))


def _children(pid: int) -> set[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return {int(child) for child in listed}


def test_what_was_acknowledged_survives_a_kill_and_two_brokers_do_not_collide(broker: Broker, tmp_path: Path) -> None:
    quick = {"broker.session.timeout.ms": "3000", "broker.heartbeat.interval.ms": "500"}
    other = Broker(CACHE, data_dir=tmp_path / "kept", extra={"auto.create.topics.enable": "true", **quick})
    with other:
        assert other.address() != broker.address()
        with pytest.raises(BrokerUnavailable, match="in use by another run"):
            Broker(CACHE, data_dir=tmp_path / "kept").start()
        producer = KafkaProducer(bootstrap_servers=other.address(), acks="all")
        for number in range(100):
            producer.send("kept", b"%d" % number)
        producer.flush()
        producer.close()
        address = other.address()
        other.kill()
        assert other.pid is None
        other.start()
        assert other.address() == address
        consumer = KafkaConsumer(
            "kept", bootstrap_servers=address, auto_offset_reset="earliest", consumer_timeout_ms=5000
        )
        got = set()
        for record in consumer:
            got.add(record.value)
            if len(got) == 100:
                break
        consumer.close()
    assert len(got) == 100
    assert (tmp_path / "kept" / "data").exists()


def test_a_broker_that_cannot_start_says_what_it_wrote() -> None:
    with pytest.raises(BrokerUnavailable, match="Invalid value none"):
        Broker(CACHE, extra={"node.id": "none"}).start()


def test_an_id_of_a_cluster_is_never_read_as_an_option() -> None:
    drawn = [cluster_id() for _ in range(2000)]
    assert all(len(one) == 22 and one[0].isalpha() for one in drawn)
    assert len(set(drawn)) == len(drawn)


def test_offline_with_nothing_cached_is_one_clear_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _cut_off(tmp_path, monkeypatch)
    with pytest.raises(BrokerUnavailable, match=r"first start needs a network.*--brokers.*classify"):
        pinned_jars(tmp_path / "cache", lambda line: None)


def test_a_changed_jar_is_never_used(broker: Broker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf = tmp_path / "cache" / f"kafka-{pins().kafka}"
    shutil.copytree(CACHE / shelf.name, shelf)
    assert pinned_jars(tmp_path / "cache", lambda line: None) == shelf  # as it is: no network asked
    victim = shelf / pins().jars[0].filename
    victim.write_bytes(victim.read_bytes() + b"!")
    _cut_off(tmp_path, monkeypatch)
    with pytest.raises(BrokerUnavailable):
        pinned_jars(tmp_path / "cache", lambda line: None)


def _cut_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Points jgo at an empty local repository and at a loopback port where nobody listens."""
    config = tmp_path / "jgo.conf"
    config.write_text("[repositories]\ncentral = http://127.0.0.1:9/\n")
    monkeypatch.setenv("JGO_CONFIG_FILE", str(config))
    monkeypatch.setenv("M2_REPO", str(tmp_path / "m2"))
