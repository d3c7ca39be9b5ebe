"""How the time for one article grows: with its length, from 1 kB to the 1 MiB that a message may have, and with the gazetteers.

    python -m benchmarks.growth

CPU time. The exponent is that of the best power law through the lengths that are read in full: 1 is linear, 2 is square.
Beyond `MAX_TEXT` characters no more is read, so that time ends there.
"""

import json
import math
import shutil
import statistics
import tempfile
import time
from pathlib import Path

from schemas.article import Article, article_from
from streams.pipeline import load, read, signals
from streams.text.annotate import MAX_TEXT
from streams.text.seedfile import SEEDS
from streams.training.labelled import read_lines

LENGTHS = (1_000, 4_000, 16_000, 64_000, MAX_TEXT, 256_000, 1_000_000)
HOSTILE = {
    "open quotes": "“",
    '"President "': "President ",
    "one sentence of deals": "Russia sold S-400 missiles to India and ",
    "one sentence of sanctions": "sanctions on Iran by the United States, ",
    "many sentences of deals": "Russia sold S-400 missiles to India. ",
    "many statements": "“We reject this,” Foreign Minister Sergei Lavrov told India. ",
    "surnames": "Lavrov Putin Modi said ",
    "one word": "a",
}
ROUNDS = 3
TIMES = 10
_FEW = 60


def main() -> None:
    """Print both tables."""
    load()
    articles = [
        article_from(row) for path in sorted((SEEDS / "articles").glob("*.articles.jsonl")) for row in read_lines(path)
    ]
    news = "\n\n".join(article.text for article in articles)
    print(f"seconds of CPU for one article, by its length in bytes; read to {MAX_TEXT:,} characters")
    print(f"{'text':28}" + "".join(f"{length:>11,}" for length in LENGTHS) + f"{'exponent':>11}")
    for name, text in {"our news, joined": news, **HOSTILE}.items():
        taken = [_seconds(_message(text, length)) for length in LENGTHS]
        exponent = _exponent([(n, s) for n, s in zip(LENGTHS, taken, strict=True) if 4_000 <= n <= MAX_TEXT])
        print(f"{name:28}" + "".join(f"{each:>11.4f}" for each in taken) + f"{exponent:>11.2f}", flush=True)
    _gazetteers(articles[:_FEW])


def _message(text: str, size: int) -> bytes:
    """A message of about `size` bytes whose body is the text, again and again."""
    cost = (len(json.dumps(text, ensure_ascii=False).encode()) - 2) / len(text)
    count = int(size / cost)
    body = (text * (count // len(text) + 1))[:count]
    return json.dumps({"id": "a", "title": "A title", "body": body, "language": "en"}, ensure_ascii=False).encode()


def _seconds(raw: bytes) -> float:
    rounds = []
    for _ in range(ROUNDS):
        began = time.process_time()
        article = read(raw)
        assert isinstance(article, Article), article
        signals(article)
        rounds.append(time.process_time() - began)
    return statistics.median(rounds)


def _exponent(points: list[tuple[int, float]]) -> float:
    """The slope of the straight line nearest to the points on logarithmic paper."""
    xs, ys = [math.log(n) for n, _ in points], [math.log(max(seconds, 1e-6)) for _, seconds in points]
    return statistics.linear_regression(xs, ys).slope


def _gazetteers(articles: list[Article]) -> None:
    """The same articles with the gazetteers as they are, and with ten times as many aliases, none of which is in them."""
    with tempfile.TemporaryDirectory() as home:
        larger = Path(home, "seeds")
        shutil.copytree(SEEDS, larger, ignore=shutil.ignore_patterns("articles", "build", "labels"))
        for name in ("actors.csv", "weapons.csv"):
            file = larger / "gazetteers" / name
            rows = [line for line in file.read_text(encoding="utf-8").splitlines() if line and line[0] not in '#"']
            made = (f"Q{n}{row[0]}{row}" for row in rows[1:] for n in range(TIMES - 1))
            file.write_text(file.read_text(encoding="utf-8").rstrip() + "\n" + "\n".join(made) + "\n", encoding="utf-8")
        print(f"\nms of CPU for an article of ours ({len(articles)} of them)")
        for name, seeds in (("gazetteers as they are", SEEDS), (f"{TIMES} times the aliases", larger)):
            load(seeds)
            began = time.process_time()
            for article in articles:
                signals(article, seeds=seeds)
            print(f"{name:28}{(time.process_time() - began) / len(articles) * 1000:>11.2f}", flush=True)


if __name__ == "__main__":
    main()
