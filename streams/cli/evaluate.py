"""`geosignals evaluate`: the accuracy table, the errors behind it, and two runs compared."""

import json
from pathlib import Path
from typing import Annotated

import typer

from streams.cli.command import FAILED, Config, Kinds, MinConfidence, UsageError, kinds_of, say, settings_of


def evaluate(
    articles: Annotated[Path, typer.Argument(metavar="ARTICLES", help="Articles, in any format that classify reads.")],
    labels: Annotated[Path, typer.Argument(metavar="LABELS", help="Their labels: JSON lines of id and signals.")],
    predicted: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Score these signals or labels; else classify now.")
    ] = None,
    errors: Annotated[bool, typer.Option("--errors", help="Then each miss and each false signal, with why.")] = False,
    baseline: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Compare with an earlier run, written by --json.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The numbers as one JSON object.")] = False,
    kind: Kinds = None,
    jobs: Annotated[int, typer.Option(min=1, help="Processes; the numbers are the same.")] = 1,
    min_confidence: MinConfidence = None,
    config: Config = None,
) -> int:
    """Compare signals with labels and print precision, recall and F1 by kind and facet.

    Exit 1 when some of the articles could not be read.
    """
    settings, kinds = settings_of(config, min_confidence=min_confidence, chatty=False), kinds_of(kind)
    if as_json and errors:
        raise UsageError("--json and --errors: choose one")
    from schemas.signal import PAYLOADS
    from streams.evaluation.errors import errors as found_errors
    from streams.evaluation.objects import BadFile, read_objects
    from streams.evaluation.report import error_lines, lines
    from streams.evaluation.run import measured, read_articles, read_baseline
    from streams.evaluation.run import predicted as classified

    try:
        gold = read_objects(labels)
        earlier = read_baseline(baseline) if baseline is not None else None
        given = read_objects(predicted) if predicted is not None else None
    except BadFile as error:
        raise UsageError(str(error)) from error
    read, rejected = read_articles(articles)
    for reject in rejected:
        say(f"{reject.place}: {reject.reason}: {reject.detail}")
    if without := len(gold.keys() - {article.id for article in read}):
        say(f"geosignals: {without} of {len(gold)} labelled articles are not in {articles}: all of theirs is missed")
    chosen = [name for name in PAYLOADS if kinds is None or name in kinds]
    read = [article for article in read if article.id in gold]
    said = given if given is not None else classified(read, kinds, settings.min_confidence, jobs)
    run = measured(gold, said, chosen)
    if as_json:
        print(json.dumps(run))
        return FAILED if rejected else 0
    for line in lines(run, earlier):
        print(line)
    for found in found_errors(read, gold, said, chosen) if errors else ():
        print("", *error_lines(found), sep="\n")
    return FAILED if rejected else 0
