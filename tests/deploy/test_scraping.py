"""A real worker, scraped by a real Prometheus."""

import json
import math
import signal
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
import yaml

from streams.embedded import Broker
from streams.embedded.server import HOST, free_ports
from streams.metrics import TABLE
from tests.deploy.conftest import DEPLOY, alerts, dashboard_queries, document_of
from tests.outside import program, ran
from tests.shell.conftest import Site, Worker, fresh_site, wait_until

pytestmark = [pytest.mark.broker, pytest.mark.tools]


class Scraper:
    """A Prometheus that scrapes every second what prometheus.yml names, at the addresses given by job."""

    def __init__(self, home: Path, targets: dict[str, str]) -> None:
        config = document_of(DEPLOY / "prometheus" / "prometheus.yml")
        config["global"] = {"scrape_interval": "1s", "evaluation_interval": "1s"}
        config["rule_files"] = [str(DEPLOY / "prometheus" / "rules.yaml")]
        for job in config["scrape_configs"]:
            job["static_configs"] = [{"targets": [targets[job["job_name"]]]}]
        path = home / "prometheus.yml"
        path.write_text(yaml.safe_dump(config), encoding="utf-8")
        self.address = f"{HOST}:{free_ports(('web',))['web']}"
        options = (
            f"--config.file={path}",
            f"--storage.tsdb.path={home / 'data'}",
            f"--web.listen-address={self.address}",
        )
        with (home / "prometheus.log").open("w") as log:
            self._process = subprocess.Popen([program("prometheus"), *options], stdout=log, stderr=log)

    def ask(self, path: str, **query: str) -> Any:
        """The data of an answer of Prometheus' HTTP API; None while it does not answer yet."""
        url = f"http://{self.address}/api/v1/{path}?{urllib.parse.urlencode(query)}"
        try:
            with urllib.request.urlopen(url, timeout=10) as answer:
                return json.load(answer)["data"]
        except urllib.error.HTTPError as error:
            if error.code == HTTPStatus.SERVICE_UNAVAILABLE:  # it is starting
                return None
            raise
        except urllib.error.URLError as error:
            if isinstance(error.reason, ConnectionError):
                return None
            raise

    def value(self, query: str) -> float:
        """The value of a query's one sample; not a number when there is none."""
        found = self.ask("query", query=query)
        return float(found["result"][0]["value"][1]) if found and found["result"] else math.nan

    def close(self) -> None:
        self._process.terminate()
        self._process.wait(20)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("prometheus")


@pytest.fixture(scope="module")
def scraped(broker: Broker, home: Path) -> Iterator[tuple[Site, Worker, Scraper]]:
    """A worker of both lanes with three articles, a bad one and a tombstone behind it, and Prometheus beside it."""
    program("prometheus")
    with fresh_site(broker, home) as site:
        worker = site.worker("live", "replay")
        address = worker.pages.removeprefix("http://")
        scraper = Scraper(home, {"geosignals": address, "geosignals-replay": address})
        try:
            wait_until(lambda: scraper.value('up{job="geosignals"}') == 1, 60, "Prometheus has scraped the worker")
            yield site, worker, scraper
        finally:
            scraper.close()


def article(number: int, title: str = "A deal") -> bytes:
    published = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    return json.dumps({"id": f"a{number}", "title": title, "published_at": published}).encode()


def test_what_happens_is_what_prometheus_sees(scraped: tuple[Site, Worker, Scraper]) -> None:
    site, _, scraper = scraped
    site.send(article(1), article(2), b"{broken", article(3))
    site.send(None, key=b"withdrawn")
    site.send(article(4), topic=site.settings.topics.replay)
    expected = {
        'geosignals_articles_received_total{lane="live"}': 5,
        'geosignals_articles_received_total{lane="replay"}': 1,
        'geosignals_signals_emitted_total{kind="arms_deal"}': 4,
        'geosignals_dead_letters_total{reason="not_json"}': 1,
        'geosignals_articles_failed_total{reason="not_json"}': 1,
        'geosignals_articles_skipped_total{reason="tombstone"}': 1,
        "geosignals_delivery_seconds_count": 4,  # the live lane's outputs, the dead letter among them
        "geosignals_article_age_seconds_count": 3,
        "geosignals_articles_in_progress": 0,
    }
    for query, value in expected.items():
        of_job = query.replace("}", ',job="geosignals"}') if "{" in query else f'{query}{{job="geosignals"}}'
        wait_until(lambda of_job=of_job, value=value: scraper.value(of_job) == value, 60, f"{query} is {value}")  # type: ignore[misc]


def test_what_only_the_engine_sees_is_there_too(scraped: tuple[Site, Worker, Scraper]) -> None:
    _, _, scraper = scraped
    wait_until(lambda: scraper.value('geosignals_commit_seconds_count{job="geosignals"}') > 0, 60, "a commit")
    wait_until(lambda: scraper.value('geosignals_rebalances_total{job="geosignals"}') >= 2, 60, "one for each lane")
    timed = 'geosignals_rebalances_total{job="geosignals"} == geosignals_rebalance_seconds_count{job="geosignals"}'
    wait_until(lambda: scraper.value(timed) >= 2, 60, "each was timed")
    assert 0 < scraper.value('geosignals_commit_seconds_sum{job="geosignals"}') < 60


def test_every_panel_of_the_dashboard_has_something_to_show(scraped: tuple[Site, Worker, Scraper]) -> None:
    _, _, scraper = scraped
    for query in dashboard_queries("10s"):
        wait_until(lambda query=query: bool(scraper.ask("query", query=query)["result"]), 60, query)  # type: ignore[misc]


def test_the_rules_are_loaded_and_healthy_and_none_fires_on_a_healthy_worker(
    scraped: tuple[Site, Worker, Scraper],
) -> None:
    _, _, scraper = scraped

    def rules() -> list[dict[str, Any]]:
        return [rule for group in scraper.ask("rules")["groups"] for rule in group["rules"]]

    wait_until(lambda: all(rule["health"] == "ok" for rule in rules()), 60, "every rule was evaluated")
    assert {rule["name"] for rule in rules()} == {rule["alert"] for rule in alerts()}
    assert [rule["name"] for rule in rules() if rule["state"] == "firing"] == []


def test_promtool_finds_nothing_wrong_with_the_page(scraped: tuple[Site, Worker, Scraper]) -> None:
    _, worker, _ = scraped
    status, page = worker.page("/metrics")
    assert status == 200
    done = ran(program("promtool"), "check", "metrics", stdin=page)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")
    assert all(f"# HELP geosignals_{row.name}" in page for row in TABLE)


def test_lag_is_right_on_both_lanes_while_the_worker_is_stuck(scraped: tuple[Site, Worker, Scraper]) -> None:
    site, worker, scraper = scraped
    topics = site.settings.topics
    site.send(*(article(10 + number, "SLOW") for number in range(8)))
    site.send(*(article(20 + number, "SLOW") for number in range(8)), topic=topics.replay)
    for topic in (topics.articles, topics.replay):
        lag = f'geosignals_consumer_lag_records{{job="geosignals",topic="{topic}",partition="0"}}'
        wait_until(lambda lag=lag: scraper.value(lag) > 0, 60, lag)  # type: ignore[misc]
    assert scraper.value('sum(geosignals_articles_in_progress{job="geosignals"})') > 0
    assert worker.page("/healthz")[0] == 200


def test_a_worker_that_was_killed_is_a_target_down(scraped: tuple[Site, Worker, Scraper]) -> None:
    _, worker, scraper = scraped
    worker.end(signal.SIGKILL)
    wait_until(lambda: scraper.value('up{job="geosignals"}') == 0, 60, "Prometheus sees that it is gone")

    def pending() -> set[str]:
        return {alert["labels"]["alertname"] for alert in scraper.ask("alerts")["alerts"]}

    wait_until(lambda: "GeosignalsTargetDown" in pending(), 60, "the alert waits")
