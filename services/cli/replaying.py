"""The work of `fieldfare rules replay`; its options are in `services.cli.replay`."""

import asyncio
import os
import sys
from datetime import UTC, datetime

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

from routing_rules.rulebook import Rulebook
from services.cli.exit_codes import ExitCode
from services.cli.ledger_asking import print_shown
from services.cli.ledger_ordering import an_order
from services.cli.period import moment
from services.cli.replay_options import ReplayOptions
from services.cli.replay_tables import csv_of_replay, json_of_replay, replay_page
from services.cli.rulebook_revision import open_rulebook_at
from services.cli.wording import counted
from services.ledger.live_rulebook import rulebook_live
from services.replay.issuing import Issued, Issuing
from services.replay.permission import may_issue
from services.replay.report import ReplayReport
from services.replay.running import Asked, Progress, replay_period
from services.replay.stopping import ReplayStopped, stoppable
from services.replay.workers import processes_for_all_cores
from services.router.messages import Post
from services.router.orders import Order, OrderRefused
from services.router.routing import Routing
from services.runtime.clock import choose_clock
from services.runtime.postgres import open_pool, transaction
from services.runtime.settings import Settings, read_settings
from services.runtime.topics import Topics
from services.sandbox.addresses import settings_of_sandbox

_BEGINNING = datetime(1900, 1, 1, tzinfo=UTC)
_END = datetime(3000, 1, 1, tzinfo=UTC)
_WIDTH = 220


def run_replay(options: ReplayOptions) -> None:
    """Replays, prints, and issues where that is asked; exits with 1 if anything differs."""
    settings = settings_of_sandbox(read_settings(), needs="FIELDFARE_POSTGRES__DSN")
    rulebook = open_rulebook_at(options.new)
    order = _order(settings, rulebook, options) if options.issue else None
    report = _replay_and_show(settings, _asked(rulebook, options), options)
    if order is not None:
        _issue(settings, rulebook, order, report)
    elif report.found:
        raise typer.Exit(ExitCode.NO)


def _replay_and_show(settings: Settings, asked: Asked, options: ReplayOptions) -> ReplayReport:
    """Until all is written, whoever stops it is told that it was stopped, and nothing is done."""
    try:
        with stoppable():
            report = _with_bar(settings, asked)
            if options.as_json:
                typer.echo(json_of_replay(report))
            elif options.as_csv:
                typer.echo(csv_of_replay(report), nl=False)
            else:
                print_shown(replay_page(report, limit=options.limit), width=_WIDTH)
    except ReplayStopped:
        # whoever should read the rest may not be reading, and our end must not wait for them
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise
    return report


def _asked(rulebook: Rulebook, options: ReplayOptions) -> Asked:
    since = _BEGINNING if options.since is None else moment(options.since, "--from", days=0)
    until = _END if options.until is None else moment(options.until, "--to", days=1)
    if until <= since:
        raise typer.BadParameter("--to is before --from")
    return Asked(rulebook, since, until, options.processes or processes_for_all_cores())


def _order(settings: Settings, rulebook: Rulebook, options: ReplayOptions) -> Order:
    """Who orders what; refused before anything is looked at where it may not be done."""
    order = an_order(options.by, options.why)
    if options.since is None:
        raise OrderRefused("--issue needs --from: say from which day on people are to be told")
    at = choose_clock(settings.clock.file).now()
    reasons = may_issue(rulebook, asyncio.run(_live_hash(settings, at)), on=at.date())
    if reasons:
        raise OrderRefused(f"this rulebook may not issue anything: {'; '.join(reasons)}")
    return order


async def _live_hash(settings: Settings, at: datetime) -> str:
    """The hash of the rulebook by which routers decide. Raises `NoRulebookLive`."""
    async with (
        open_pool(_dsn(settings), size=1, application_name="fieldfare-replay") as pool,
        transaction(pool) as connection,
    ):
        return (await rulebook_live(connection, at=at)).content_hash


def _issue(settings: Settings, rulebook: Rulebook, order: Order, report: ReplayReport) -> None:
    """Issues it, and says on the error output what came of it: the other is the report's."""
    post = Post(Topics(settings.topics.prefix), settings.topics.queue_partitions)
    clock = choose_clock(settings.clock.file)

    async def work() -> Issued:
        async with open_pool(_dsn(settings), size=1, application_name="fieldfare-replay") as pool:
            return await Issuing(pool, Routing(rulebook, post), order, clock).issue(report)

    issued = asyncio.run(work())
    typer.echo(f"{counted(issued.told, 'late notification')} issued", err=True)
    if issued.not_any_more:
        typer.echo(
            f"{issued.not_any_more:,} not issued: told meanwhile, or not owed as things now stand",
            err=True,
        )
    for occurrence_id in issued.failed:
        typer.echo(f"occurrence {occurrence_id} could not be decided; nothing issued", err=True)
    if issued.failed:
        raise typer.Exit(ExitCode.NO)


def _dsn(settings: Settings) -> str:
    assert settings.postgres.dsn is not None  # noqa: S101 - settings_of_sandbox has seen to it
    return settings.postgres.dsn.get_secret_value()


def _with_bar(settings: Settings, asked: Asked) -> ReplayReport:
    """Replays with a bar on the error output, where that is a terminal."""
    console = Console(stderr=True, markup=False, emoji=False)
    columns = (
        TextColumn("replaying"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Bar(*columns, console=console, disable=not console.is_terminal, transient=True) as bar:
        return replay_period(_dsn(settings), asked, _Shown(bar))


class _Shown(Progress):
    """Progress as a bar of occurrences."""

    def __init__(self, bar: Bar) -> None:
        self._bar = bar
        self._task: TaskID | None = None

    def begin(self, occurrences: int) -> None:
        """The bar's whole length."""
        self._task = self._bar.add_task("replaying", total=occurrences)

    def done(self, occurrences: int) -> None:
        """A step of the bar."""
        if self._task is not None:
            self._bar.advance(self._task, occurrences)

    def again(self) -> None:
        """Said above the bar."""
        typer.echo("a process ended before its time; its share is looked at again", err=True)
