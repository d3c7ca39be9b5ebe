"""`geosignals`: one function per command. Nothing heavy is imported before a command needs it."""

import typer

from streams.cli import classify, dlq, evaluate, replay, stream, tables, topics, train
from streams.cli.command import command

app = typer.Typer(
    name="geosignals",
    help="News articles in, checked geopolitical signals out.",
    no_args_is_help=True,
    rich_markup_mode=None,  # plain help, in half the time
    pretty_exceptions_enable=False,  # a traceback with local variables could show secrets
    context_settings={"help_option_names": ["-h", "--help"]},
)

command(app, "classify")(classify.classify)
command(app, "run")(stream.run)
command(app, "worker")(stream.worker)
command(app, "replay")(replay.replay)
command(app, "evaluate")(evaluate.evaluate)
command(app, "train", train.WithPairs)(train.train)
command(app, "kinds")(tables.kinds)

topics_app = typer.Typer(help="Create and check the Kafka topics.", no_args_is_help=True)
command(topics_app, "create")(topics.create)
command(topics_app, "check")(topics.check)
app.add_typer(topics_app, name="topics")

dlq_app = typer.Typer(help="Dead letters: show them, send them back.", no_args_is_help=True)
command(dlq_app, "list")(dlq.show)
command(dlq_app, "requeue")(dlq.requeue)
app.add_typer(dlq_app, name="dlq")

config_app = typer.Typer(help="Settings.", no_args_is_help=True)
command(config_app, "show")(tables.config_show)
app.add_typer(config_app, name="config")

schemas_app = typer.Typer(help="Contracts.", no_args_is_help=True)
command(schemas_app, "export")(tables.schemas_export)
app.add_typer(schemas_app, name="schemas")


def main() -> None:
    """The console script."""
    app()
