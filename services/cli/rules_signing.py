"""`fieldfare rules propose`, `sign`, `countersign`, `reject`."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from importlib import import_module
from typing import Annotated, TypeVar

import typer

from routing_rules.examination import Examination, examine
from routing_rules.rulebook import Rulebook
from routing_rules.working_time import LONDON
from services.cli.exit_codes import ExitCode
from services.cli.ledger_asking import ask_ledger
from services.cli.rulebook_argument import RulebookArgument, open_asked
from services.cli.rulebook_pages import examination_lines
from services.ledger import rulebook_orders
from services.ledger.migrate import check_schema
from services.ledger.rulebook_allowed import (
    Signer,
    goes_live_on,
    proposal_to_countersign,
)
from services.ledger.rulebook_orders import Ordered
from services.ledger.rulebook_record import SHORT, Record, VersionRefused, read_record
from services.ledger.rulebooks import rulebook_of
from services.runtime.clock import Clock
from services.runtime.postgres import Connection, Pool, reading, transaction
from services.runtime.rulebook_topics import topics_of
from services.runtime.settings import read_settings
from services.sandbox.addresses import settings_of_sandbox

_Answer = TypeVar("_Answer")
app = typer.Typer(add_completion=False, rich_markup_mode=None)

By = Annotated[str, typer.Option("--by", help="Who you are, by name.")]
Role = Annotated[str, typer.Option("--role", help="As what you say it: named midwife, say.")]
Why = Annotated[str, typer.Option("--why", help="The reason; it is kept.")]
Version = Annotated[str, typer.Argument(metavar="VERSION", help="The first digits of its hash.")]


def propose(
    by: By,
    role: Role,
    why: Why,
    rulebook: RulebookArgument = None,
    live_from: Annotated[
        str | None,
        typer.Option("--from", metavar="TIME", help="When it is to go live; else when signed."),
    ] = None,
) -> None:
    """Check, test and prove a rulebook and keep it, to be signed. 1 if it cannot be signed."""
    signer, begins = signer_of(by, role, why), _moment(live_from)
    asked = open_asked(rulebook)

    async def work(pool: Pool, clock: Clock) -> tuple[Ordered, Examination]:
        day = (begins or clock.now()).astimezone(LONDON).date()
        examination = examine(asked, day)
        async with transaction(pool) as connection:
            at = clock.now()
            done = await rulebook_orders.propose(
                connection, asked, examination, signer, live_from=begins, at=at
            )
        return done, examination

    done, examination = in_checked_ledger(work)
    for line in examination_lines(examination.as_json()):
        typer.echo(line)
    typer.echo(f"{asked.name} {asked.content_hash[:SHORT]}: {done.told}")
    if not examination.passed:
        typer.echo("it cannot be signed")
        raise typer.Exit(ExitCode.NO)


def sign(version: Version, by: By, role: Role, why: Why) -> None:
    """Sign a proposal as a rule owner; somebody else must then countersign it."""
    signer = signer_of(by, role, why)

    async def work(connection: Connection, content_hash: str, at: datetime) -> Ordered:
        return await rulebook_orders.sign(connection, content_hash, signer, at=at)

    _order(version, work)


def reject(version: Version, by: By, role: Role, why: Why) -> None:
    """Say no to a proposal, signed or not."""
    signer = signer_of(by, role, why)

    async def work(connection: Connection, content_hash: str, at: datetime) -> Ordered:
        return await rulebook_orders.reject(connection, content_hash, signer, at=at)

    _order(version, work)


def countersign(version: Version, by: By, role: Role, why: Why) -> None:
    """Sign as the second person: it is proved once more, its topics are made, it goes live."""
    signer = signer_of(by, role, why)

    async def work(pool: Pool, clock: Clock) -> tuple[str, Ordered]:
        async with reading(pool) as connection:
            record, at = await read_record(connection), clock.now()
            wanted = record.version(version)
            proposal = proposal_to_countersign(record, wanted, signer, at)
            rulebook = await rulebook_of(connection, wanted)
        examination = examine(rulebook, goes_live_on(proposal, at))
        if examination.passed:
            await _make_topics(rulebook, examination)
        async with transaction(pool) as connection:
            done = await rulebook_orders.countersign(
                connection, wanted, signer, examination, at=clock.now()
            )
        return record.named(wanted), done

    named, done = in_checked_ledger(work)
    typer.echo(f"{named}: {done.told}")


def _order(version: str, work: Callable[[Connection, str, datetime], Awaitable[Ordered]]) -> None:
    async def ordered(pool: Pool, clock: Clock) -> tuple[str, Ordered]:
        async with transaction(pool) as connection:
            record: Record = await read_record(connection)
            wanted = record.version(version)
            return record.named(wanted), await work(connection, wanted, clock.now())

    named, done = in_checked_ledger(ordered)
    typer.echo(f"{named}: {done.told}")


def in_checked_ledger(work: Callable[[Pool, Clock], Awaitable[_Answer]]) -> _Answer:
    """What comes of work in the ledger, whose schema is that of this release."""

    async def checked(pool: Pool, clock: Clock) -> _Answer:
        await check_schema(pool)
        return await work(pool, clock)

    return ask_ledger(checked)


async def _make_topics(rulebook: Rulebook, examination: Examination) -> None:
    """Makes the topics that it needs before it is live: a queue that is not there tells nobody."""
    settings = settings_of_sandbox(read_settings(), needs="FIELDFARE_KAFKA__BOOTSTRAP_SERVERS")
    wanted = topics_of(rulebook, settings.topics, examination.on)
    # imported when it is needed, so that no other command waits for a Kafka client
    made = await import_module("services.runtime.kafka").ensure_topics(settings, wanted)
    for name in made.made:
        typer.echo(f"made topic {name}")


def signer_of(by: str, role: str, why: str) -> Signer:
    """Who orders it. Raises `VersionRefused` where one of the three is blank."""
    signer = Signer(*(" ".join(each.split()) for each in (by, role, why)))
    if not (signer.by and signer.role and signer.why):
        raise VersionRefused("--by, --role and --why say who, as what, and why; none may be blank")
    return signer


def _moment(text: str | None) -> datetime | None:
    """A moment; without a zone it is London's time."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter("--from is a time such as 2026-03-09T08:00") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=LONDON)


for each in (propose, sign, countersign, reject):
    app.command()(each)
