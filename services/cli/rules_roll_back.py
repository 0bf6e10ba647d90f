"""`fieldfare rules roll-back`: says what going back does, and then does exactly that.

Nothing is held while it is worked out or somebody is asked: what else goes live meanwhile is
noticed, and nothing is done. Whoever dies before the end has changed nothing.
"""

import sys
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

import typer

from routing_rules.going_back import going_back
from routing_rules.rulebook import Rulebook
from routing_rules.working_time import LONDON
from services.cli.exit_codes import ExitCode
from services.cli.going_back_text import going_back_lines
from services.cli.rules_signing import in_checked_ledger, signer_of
from services.cli.wording import london_time
from services.ledger import rulebook_orders
from services.ledger.rulebook_allowed import (
    Signer,
    Standing,
    refuse_if_overtaken,
    standing,
    version_to_roll_back_to,
)
from services.ledger.rulebook_orders import Ordered
from services.ledger.rulebook_record import SHORT, Activation, Record, read_record
from services.ledger.rulebooks import RulebookNotKept, RulebookOutdated, rulebook_of
from services.runtime.clock import Clock
from services.runtime.postgres import Connection, Pool, reading, transaction

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@dataclass(frozen=True, slots=True)
class _Asked:
    """Where it goes, from where, and as of when; `live` is why it cannot be read, if it cannot."""

    record: Record
    at: datetime
    shown: Standing
    target: Rulebook
    live: Rulebook | str

    @property
    def named(self) -> str:
        return self.record.named(self.target.content_hash)

    @property
    def scheduled(self) -> Activation | None:
        return self.record.scheduled(self.at)

    @property
    def is_done(self) -> bool:
        """Whether it is live already, and nothing else is to come."""
        return self.shown == Standing(self.target.content_hash, None)


@app.command()
def roll_back(  # noqa: PLR0913, PLR0917 - each is an option of the command line
    version: Annotated[
        str | None, typer.Argument(metavar="VERSION", help="Else what was live before.")
    ] = None,
    by: Annotated[str, typer.Option("--by", help="Who you are, by name.")] = "",
    role: Annotated[str, typer.Option("--role", help="As what you say it: operator, say.")] = "",
    why: Annotated[str, typer.Option("--why", help="The reason; it is kept.")] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what it would do, and change nothing.")
    ] = False,
    instead_of: Annotated[
        str | None,
        typer.Option("--instead-of", metavar="VERSION", help="Only if that is live still."),
    ] = None,
    yes: Annotated[
        bool, typer.Option("--yes", help="Do not ask; where nobody types, nobody is asked.")
    ] = False,
) -> None:
    """Make an earlier version live at once; one person is enough. What was to go live will not.

    Says first what that does. 1 if somebody was asked, and did not say yes.
    """
    signer = None if dry_run else signer_of(by, role, why)
    asked = in_checked_ledger(lambda pool, clock: _asked(pool, clock, version, instead_of))
    if not asked.is_done:
        _say_what_it_does(asked)
    if signer is None:
        _say_how(asked)
    elif asked.is_done or yes or _agreed(asked):
        typer.echo(_do(asked, signer).told)
    else:
        typer.echo("nothing was changed")
        raise typer.Exit(ExitCode.NO)


async def _asked(pool: Pool, clock: Clock, version: str | None, instead_of: str | None) -> _Asked:
    async with reading(pool) as connection:
        record, at = await read_record(connection), clock.now()
        named = None if version is None else record.version(version)
        target = version_to_roll_back_to(record, named, at)
        shown = standing(record, at)
        if instead_of is not None:
            seen = Standing(record.version(instead_of), shown.scheduled)
            refuse_if_overtaken(record, seen, target, at)
        # what this release cannot load would not be taken up by any router
        loaded = await rulebook_of(connection, target)
        live = loaded if shown.live == target else await _live(connection, shown)
        return _Asked(record, at, shown, loaded, live)


async def _live(connection: Connection, shown: Standing) -> Rulebook | str:
    assert shown.live is not None  # noqa: S101 - or there was nothing to go back from
    try:
        return await rulebook_of(connection, shown.live)
    except (RulebookNotKept, RulebookOutdated) as unreadable:
        return str(unreadable).splitlines()[0]


def _say_what_it_does(asked: _Asked) -> None:
    live = asked.record.named(asked.shown.live or "")
    if asked.shown.live == asked.target.content_hash:
        typer.echo(f"{live} is live, and stays so:")
    else:
        typer.echo(f"{live} is live. Going back to {asked.named} does this:")
        for line in _what_it_does(asked):
            typer.echo(line)
    if asked.scheduled is not None:
        coming, when = asked.scheduled.content_hash, london_time(asked.scheduled.since)
        typer.echo(f"{asked.record.named(coming)}, which was to go live {when}, will not")


def _what_it_does(asked: _Asked) -> list[str]:
    """In words, or why it cannot be said: nothing about it may stand in the way back."""
    on = asked.at.astimezone(LONDON).date()
    if isinstance(asked.live, str):
        return [_unsaid(asked.live)]
    try:
        found = going_back(asked.live, asked.target, on)
    except LookupError:
        return [_unsaid(f"one of the two has no MASH in its directory on {on}")]
    except Exception as error:  # noqa: BLE001 - who must go back may not be stopped by what tells them
        return [_unsaid(f"an error of Fieldfare's own, {type(error).__name__}")]
    lines = list(going_back_lines(found))
    if not found.is_nothing:
        old, new = asked.live.content_hash[:SHORT], asked.target.content_hash[:SHORT]
        lines.append(
            f"All of it: fieldfare rules diff sha256:{old} sha256:{new} --on {on} --promises"
        )
    return lines


def _unsaid(why: str) -> str:
    return f"UNDECIDED: what it changes cannot be said: {why}"


def _say_how(asked: _Asked) -> None:
    typer.echo("nothing was changed")
    if asked.is_done:
        typer.echo(f"{asked.named} is live already")
        return
    target, live = asked.target.content_hash[:SHORT], (asked.shown.live or "")[:SHORT]
    typer.echo(
        f"To do it: fieldfare rules roll-back {target} --instead-of {live} "
        "--by ... --role ... --why ..."
    )


def _agreed(asked: _Asked) -> bool:
    """Whether somebody at a terminal says yes; whoever is not at one has said it by typing it."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return True
    try:
        return typer.confirm(f"Make {asked.named} live now?")
    except typer.Abort:
        typer.echo("")
        return False


def _do(asked: _Asked, signer: Signer) -> Ordered:
    async def work(pool: Pool, clock: Clock) -> Ordered:
        async with transaction(pool) as connection:
            return await rulebook_orders.roll_back(
                connection, asked.target.content_hash, signer, at=clock.now(), shown=asked.shown
            )

    return in_checked_ledger(work)
