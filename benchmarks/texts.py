"""The texts that benchmarks read: real articles where a corpus lies beside the checkout, else the seeds' own."""

from pathlib import Path

from schemas.article import Article, article_from
from streams.pipeline import Skipped, read
from streams.replay.items import encoded
from streams.text.seedfile import SEEDS
from streams.training.labelled import read_lines

CORPUS = Path(__file__).parents[2] / "shared" / "corpus" / "articles.jsonl.gz"


def origin() -> str:
    """Where the texts come from, in words."""
    return "the corpus" if CORPUS.exists() else "seeds/articles"


def messages(count: int) -> list[tuple[bytes, bytes]]:
    """`count` articles as they stand on a topic, id and value: spread evenly over all there are.

    Where there are fewer they come again under other ids.
    """
    files = [CORPUS] if CORPUS.exists() else sorted((SEEDS / "articles").glob("*.articles.jsonl"))
    rows = [row for path in files for row in read_lines(path)]
    chosen = rows[:: max(1, len(rows) // count)][:count]
    articles = [article_from(chosen[number % len(chosen)]) for number in range(count)]
    renamed = (each.model_copy(update={"id": f"{n}-{each.id}"}) for n, each in enumerate(articles))
    return [(article.id.encode(), encoded(article)) for article in renamed]


def articles(count: int) -> list[Article]:
    """The same articles, read; without those in languages that we do not read."""
    found = [read(value) for _, value in messages(count)]
    assert all(isinstance(each, Article | Skipped) for each in found)
    return [each for each in found if isinstance(each, Article)]
