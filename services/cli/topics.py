"""`fieldfare topics`: the topics that publishers and receiving systems use."""

import asyncio

import typer

from services.cli.rulebook_argument import RulebookArgument, open_asked
from services.cli.wording import counted
from services.runtime.clock import choose_clock
from services.runtime.kafka import EnsuredTopics, ensure_topics
from services.runtime.rulebook_topics import topics_of
from services.runtime.settings import read_settings
from services.sandbox.addresses import settings_of_sandbox

app = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None)


@app.callback()
def topics() -> None:
    """Topics of the rulebook's sources and of those whom its directory names."""


@app.command()
def create(rulebook: RulebookArgument = None) -> None:
    """Make the topics that are missing; those that exist are left as they are."""
    settings = settings_of_sandbox(read_settings(), needs="FIELDFARE_KAFKA__BOOTSTRAP_SERVERS")
    asked = open_asked(rulebook)
    today = choose_clock(settings.clock.file).now().date()
    wanted = topics_of(asked, settings.topics, today)
    _tell(asyncio.run(ensure_topics(settings, wanted)))


def _tell(topics: EnsuredTopics) -> None:
    for name in topics.made:
        typer.echo(f"made       {name}")
    for name in topics.already_there:
        size = topics.sized_otherwise.get(name)
        note = "" if size is None else f"  (left with {counted(size, 'partition')})"
        typer.echo(f"was there  {name}{note}")
    typer.echo(f"{counted(len(topics.made), 'topic')} made, {len(topics.already_there)} were there")
