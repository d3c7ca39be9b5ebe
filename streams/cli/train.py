"""`geosignals train`: weights from labelled articles."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from typer.core import TyperCommand

from streams.cli.command import Kinds, UsageError, kinds_of, say

if TYPE_CHECKING:
    from streams.training.train import Source

_ALSO = "--also"
_EXTRA = frozenset(("numpy", "scipy", "sklearn"))


class WithPairs(TyperCommand):
    """Reads `--also ARTICLES LABELS`, repeatable: an option of two values, which typer cannot declare as repeatable."""

    # typer brings a click of its own, whose Context has no public name
    def parse_args(self, ctx: typer.Context, args: list[str]) -> list[str]:  # type: ignore[override]
        """Each `--also A B` as `--also A --also B`."""
        single: list[str] = []
        for at, word in enumerate(args):
            if at >= 2 and args[at - 2] == _ALSO and not word.startswith("--"):
                single.append(_ALSO)
            single.append(word)
        return super().parse_args(ctx, single)


def train(
    articles: Annotated[Path, typer.Argument(metavar="ARTICLES", help="Articles as JSON lines, gzipped or not.")],
    labels: Annotated[Path, typer.Argument(metavar="LABELS", help="Their labels: id, signals, ev.")],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where the files of weights are written.")],
    also: Annotated[
        list[Path] | None,
        typer.Option(_ALSO, metavar="ARTICLES LABELS", help="More to learn from; repeatable."),
    ] = None,
    judge: Annotated[
        tuple[Path, Path] | None,
        typer.Option(
            "--judge",
            metavar="ARTICLES LABELS",
            help="Labelled articles to learn nothing from, which choose the thresholds and scale the confidence.",
        ),
    ] = None,
    also_weight: Annotated[
        float, typer.Option(min=0.0, help="What one of these articles counts against one of the first.")
    ] = 0.7,
    kind: Kinds = None,
) -> int:
    """Fit the weights that choose signals, and write one file for each kind with a card of what it measured.

    Figures come from cross-validation over the first ARTICLES and LABELS, and so do thresholds and scale where no --judge is
    given. The same input gives the same bytes. Needs the extra `train`.
    """
    kinds = kinds_of(kind)
    try:
        from streams.training.card import write_card
        from streams.training.fit import FOLDS
        from streams.training.train import Source, train, write_weights
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] not in _EXTRA:
            raise
        raise UsageError(f"train needs {error.name}: pip install 'geosignals[train]'") from error
    from streams.detectors import DETECTORS

    more = also or []
    if len(more) % 2:
        raise UsageError(f"{_ALSO} takes two files: ARTICLES LABELS")
    pairs = zip(more[::2], more[1::2], strict=True)
    sources = [Source(articles, labels), *(Source(first, second, also_weight) for first, second in pairs)]
    judges = Source(*judge) if judge is not None else None
    _check([*sources, *([judges] if judges is not None else [])])
    for name, detector in DETECTORS.items():
        if kinds is None or name in kinds:
            path = write_weights(train(detector, sources, judges, say=say), out)
            say(f"wrote {path}")
    write_card(out, FOLDS)
    return 0


def _check(sources: "list[Source]") -> None:
    """Raises UsageError for a file that is not there."""
    for path in (path for source in sources for path in (source.articles, source.labels)):
        if not path.is_file():
            raise UsageError(f"{path}: no such file")
