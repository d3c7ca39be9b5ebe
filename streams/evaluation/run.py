"""One evaluation from files to numbers."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import orjson

from schemas.article import Article
from streams.classify import Result, classified
from streams.evaluation.objects import BadFile, Objects, objects_of
from streams.evaluation.reliability import judged, reliability
from streams.evaluation.scoring import score
from streams.formats import Choice, Rejected, read_source, sources


def read_articles(path: Path) -> tuple[list[Article], list[Rejected]]:
    """The articles of a file in any format that `classify` reads, and what of it could not be read."""
    reads = [read for source in sources([str(path)]) for read in read_source(source, Choice())]
    return [r for r in reads if isinstance(r, Article)], [r for r in reads if isinstance(r, Rejected)]


def predicted(articles: Sequence[Article], kinds: frozenset[str] | None, min_confidence: float, jobs: int) -> Objects:
    """What the pipeline says of each article, by the same road as `classify`."""
    results = classified(articles, kinds=kinds, min_confidence=min_confidence, jobs=jobs)
    return objects_of(signal for result in results if isinstance(result, Result) for signal in result.signals)


def measured(gold: Objects, said: Objects, kinds: Sequence[str]) -> dict[str, Any]:
    """The whole run as JSON has it: the table by kind, the macro means, the number of articles, the reliability."""
    return {
        **score(gold, said, kinds),
        "articles": len(gold),
        "reliability": reliability(judged(gold, said, kinds)),
    }


def read_baseline(path: Path) -> dict[str, Any]:
    """An earlier run, as `--json` wrote it. Raises BadFile."""
    try:
        data = orjson.loads(path.read_bytes())
    except OSError as error:
        raise BadFile(f"{path}: {error.strerror or error}") from None
    except orjson.JSONDecodeError as error:
        raise BadFile(f"{path}: not JSON: {error}") from None
    if not isinstance(data, dict) or "macro_detection_f1" not in data:
        raise BadFile(f"{path}: not a run that `geosignals evaluate --json` wrote")
    return data
