"""Who saw and did what in the console: appended, never changed, and ids instead of copies."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from services.ledger.console_sessions import Person
from services.ledger.queries import SQL
from services.runtime.postgres import Connection, Pool, reading


class Deed(StrEnum):
    """What somebody saw or did: a closed set."""

    SIGNED_IN = "signed_in"
    SIGNED_OUT = "signed_out"
    SAW_WORKLIST = "saw_worklist"
    SAW_NOTICE = "saw_notice"
    SAW_DUTY = "saw_duty"
    SAW_EVENT = "saw_event"
    SAW_DUTIES = "saw_duties"
    SAW_MISSED = "saw_missed"
    SAW_EXCEPTIONS = "saw_exceptions"
    SAW_LETTER = "saw_letter"
    SAW_AUDIT = "saw_audit"
    SAW_RULES = "saw_rules"
    SEARCHED_PERSON = "searched_person"
    SAW_PERSON = "saw_person"
    OPENED_RELATIVE = "opened_relative"
    PRINTED_PERSON = "printed_person"
    EXPORTED_MISSED = "exported_missed"
    ANSWERED = "answered"
    RESENT = "resent"
    HANDED_OVER = "handed_over"
    CLOSED = "closed"
    RE_ROUTED = "re_routed"
    IDENTIFIED = "identified"
    RE_PROCESSED = "re_processed"
    SAW_PROPOSAL = "saw_proposal"
    SAW_ROLL_BACK = "saw_roll_back"
    SAW_REPLAY = "saw_replay"
    TRIED_WHAT_IF = "tried_what_if"
    STARTED_REPLAY = "started_replay"
    SIGNED_RULEBOOK = "signed_rulebook"
    COUNTERSIGNED_RULEBOOK = "countersigned_rulebook"
    REJECTED_RULEBOOK = "rejected_rulebook"
    ROLLED_BACK_RULEBOOK = "rolled_back_rulebook"
    TOOK = "took"
    GAVE_BACK = "gave_back"


@dataclass(frozen=True, slots=True)
class View:
    """One thing that somebody saw or did. `things` are ids; `outcome` is what came of it."""

    what: Deed
    things: tuple[str, ...] = ()
    reason: str | None = None
    outcome: str | None = None


@dataclass(frozen=True, slots=True)
class RecordedView:
    """A view as it is kept: by whom, in what roles, when, and in which request."""

    view_no: int
    viewed_at: datetime
    subject: str
    name: str
    roles: tuple[str, ...]
    what: Deed
    reason: str | None
    outcome: str | None
    things: tuple[str, ...]
    request_id: UUID


async def record_view(
    connection: Connection, view: View, person: Person, *, request_id: UUID, at: datetime
) -> None:
    """Appends it, in the caller's transaction: what is done is recorded, or is not done."""
    await connection.execute(
        SQL["insert_console_view"],
        at,
        person.subject,
        person.name,
        sorted(person.roles),
        view.what,
        view.reason,
        view.outcome,
        list(view.things),
        request_id,
    )


async def has_done(
    connection: Connection, subject: str, deed: Deed, thing: str, *, since: datetime
) -> bool:
    """Whether the person has done that, by the provider's word for them and not by their name."""
    found = await connection.fetchval(SQL["console_view_done"], subject, deed, thing, since)
    return bool(found)


async def list_views(
    pool: Pool,
    *,
    before: int | None = None,
    subject: str | None = None,
    thing: str | None = None,
    limit: int = 50,
) -> Sequence[RecordedView]:
    """What was seen and done, the newest first; `before` is the last number of the page before."""
    async with reading(pool) as connection:
        rows = await connection.fetch(SQL["console_views"], before, subject, thing, limit)
    return [
        RecordedView(
            **{
                **dict(row),
                "what": Deed(row["what"]),
                "roles": tuple(row["roles"]),
                "things": tuple(row["things"]),
            }
        )
        for row in rows
    ]
