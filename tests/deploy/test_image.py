"""The Dockerfile's steps, run one by one as a script in a clean directory: what comes out classifies an article."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.deploy.test_deployment import instructions
from tests.outside import REQUIRED, ROOT

pytestmark = pytest.mark.tools

ARTICLE = {
    "id": "deal",
    "title": "Poland signs contract for 180 South Korean tanks",
    "body": "WARSAW - Poland signed a contract with South Korea on Friday to buy 180 K2 tanks for $6.5 billion.",
}


class Rebuilt:
    """A directory that stands for the image's root: absolute paths of the Dockerfile lead into it."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._here = root
        self.env = {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "HOME": str(root)}
        self.env["PIP_CACHE_DIR"] = os.environ.get("PIP_CACHE_DIR", str(Path.home() / ".cache" / "pip"))
        passed = ("PIP_", "SSL_", "HTTP_", "HTTPS_", "REQUESTS_", "http", "no_proxy")
        self.env |= {name: value for name, value in os.environ.items() if name.startswith(passed)}

    def path(self, text: str) -> str:
        return re.sub(r"(?<![\w./])/(?=opt/geosignals|build\b)", f"{self._root}/", text)

    def step(self, name: str, rest: str) -> None:
        if name == "WORKDIR":
            self._here = Path(self.path(rest))
            self._here.mkdir(parents=True)
        elif name == "COPY" and not rest.startswith("--from"):
            *sources, target = shlex.split(rest)
            for source in sources:
                self._copy(ROOT / source, self._here / target)
        elif name == "RUN":
            self.run("sh", "-euc", self.path(rest).replace(" --no-cache-dir", ""))  # what pip fetched before is as good
        elif name == "ENV":
            for pair in shlex.split(rest):
                key, _, value = pair.partition("=")
                self.env[key] = self.path(value).replace("$PATH", self.env["PATH"])

    def run(self, *command: str, stdin: str | None = None) -> str:
        done = subprocess.run(
            command, cwd=self._here, env=self.env, input=stdin, capture_output=True, text=True, timeout=500, check=False
        )
        assert done.returncode == 0, f"{command}: {done.stdout[-2000:]}{done.stderr[-2000:]}"
        return done.stdout

    def _copy(self, source: Path, target: Path) -> None:
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
            return
        into = (
            target / source.name
            if target.is_dir() or str(target).endswith("/") or target.name in (".", "requirements")
            else target
        )
        into.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, into)


@pytest.mark.timeout(600)
def test_the_steps_give_a_program_that_classifies(tmp_path: Path) -> None:
    if not REQUIRED:
        pytest.skip("installs everything anew: only with REQUIRE_TOOLS=1")
    image = Rebuilt(tmp_path)
    for name, rest in instructions():
        image.step(name, rest)
    assert image.env["GEOSIGNALS_METRICS__HOST"] == "0.0.0.0"
    said = image.run("geosignals", "classify", "--kind", "arms-deal", stdin=json.dumps(ARTICLE))
    assert json.loads(said.splitlines()[0])["payload"]["supplier"] == "KOR"
    settings = json.loads(image.run("geosignals", "config", "show"))
    assert (settings["metrics"], settings["log"]["format"]) == ({"host": "0.0.0.0", "port": 6066}, "json")
    packages = {each["name"] for each in json.loads(image.run("python", "-m", "pip", "list", "--format", "json"))}
    assert "geosignals" in packages
    assert not packages & {"pytest", "hatchling", "mypy", "hypothesis"}
