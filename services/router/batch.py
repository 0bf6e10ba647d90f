"""One batch in one transaction: everything about it is written, or nothing is."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from schemas.events import Refused
from services.ledger import cases, decisions, duties, events, outbox, sources
from services.ledger.events import EventKey
from services.router import rows
from services.router.arrivals import Arrival, Broken, FromSource, Understood, Unreadable
from services.router.before import lock_arrivals, read_before
from services.router.fold import Fold
from services.router.letters import bury, claim, owe_letters
from services.router.routing import Routing, Unroutable
from services.router.source_messages import take_source_messages
from services.router.stopwatch import Stage, Stopwatch
from services.router.tally import Tally
from services.runtime.postgres import Connection

ID_REUSED = Refused(field="id", reason="id_reused", sha256=b"")


@dataclass(frozen=True, slots=True)
class Written:
    """What came of a batch, counted; `skipped` are records that were done before."""

    events: int = 0
    repeated: int = 0
    dead_letters: int = 0
    duty_changes: int = 0
    skipped: int = 0

    def __add__(self, other: "Written") -> "Written":
        return Written(
            self.events + other.events,
            self.repeated + other.repeated,
            self.dead_letters + other.dead_letters,
            self.duty_changes + other.duty_changes,
            self.skipped + other.skipped,
        )


async def write_batch(
    connection: Connection,
    arrivals: Sequence[Arrival],
    routing: Routing,
    *,
    at: datetime,
    watch: Stopwatch,
) -> Written:
    """Routes the arrivals and writes everything about them, inside the caller's transaction.

    Repeating it after its commit changes nothing: records below the ledger's offset are skipped.
    Blocks while another router is busy with the same partitions, occurrences or people. Raises
    `PartitionLost`, `Unroutable`, `CaseUnreadable`, `RegisterUnreadable` and `RulebookUnfit`, after
    which the caller must roll back.
    """
    todo = await claim(connection, arrivals)
    skipped = Written(skipped=len(arrivals) - len(todo))
    if not todo:
        return skipped
    return skipped + await write_arrivals(connection, todo, routing, at=at, watch=watch)


async def write_arrivals(
    connection: Connection,
    todo: Sequence[Arrival],
    routing: Routing,
    *,
    at: datetime,
    watch: Stopwatch,
) -> Written:
    """As `write_batch`, of arrivals that are to be done in any case, wherever they stood."""
    await lock_arrivals(connection, todo)
    before = await read_before(connection, todo)
    watch.lap(Stage.READ)
    digests = await _store(connection, [e for e in todo if isinstance(e, Understood)], at)
    watch.lap(Stage.WRITE)
    fold = Fold(routing, at, before.cases, before.register)
    tally = Tally(at)
    told = [each for each in todo if isinstance(each, FromSource)]
    letters = await take_source_messages(connection, told, fold, tally)
    written = _route_all(todo, digests, fold, letters, tally)
    watch.lap(Stage.DECIDE)
    new_letters = await bury(connection, letters, at=at)
    owe_letters(new_letters, fold, routing, owe=routing.owe_dead_letter)
    await write_fold(connection, fold)
    await sources.keep_tally(connection, tally.gathered(), at=at)
    return written + Written(dead_letters=len(new_letters), duty_changes=len(fold.changes))


async def _store(
    connection: Connection, understood: Sequence[Understood], at: datetime
) -> Mapping[EventKey, bytes]:
    """Stores what is new; answers the hash of what was stored before, by event."""
    first: dict[EventKey, Understood] = {}
    for each in understood:
        first.setdefault(each.key, each)
    fresh = await events.insert_events(
        connection, [rows.event_row(each, at=at) for each in first.values()]
    )
    return await events.digests_of(connection, first.keys() - fresh)


def _route_all(
    todo: Iterable[Arrival],
    stored: Mapping[EventKey, bytes],
    fold: Fold,
    letters: list[Unreadable],
    tally: Tally,
) -> Written:
    """Routes what is new, in order; gathers replies, and what is to be a dead letter."""
    digests = dict(stored)
    routed = repeated = 0
    for each in todo:
        match each:
            case Broken():
                raise Unroutable("a record could not be read")
            case Unreadable():
                letters.append(each)
            case Understood(record, event) if each.key not in digests:
                digests[each.key] = event.sha256
                fold.route(each)
                tally.event(each)
                routed += 1
            case Understood(record, event) if digests[each.key] == event.sha256:
                fold.send(fold.routing.post.repeated(record, event, at=fold.at))
                repeated += 1
            case Understood():
                letters.append(_reused(each))
            case FromSource():
                pass  # it has been taken: there is nothing to route
    for letter in letters:
        record = letter.record
        tally.dead_letter(fold.routing.post.publisher_of(record), record, letter.refused)
        if (reply := fold.routing.post.refused(letter, at=fold.at)) is not None:
            fold.send(reply)
    return Written(events=routed, repeated=repeated)


def _reused(arrived: Understood) -> Unreadable:
    event = arrived.event
    refused = Refused(
        field=ID_REUSED.field,
        reason=ID_REUSED.reason,
        sha256=event.sha256,
        source=event.source,
        id=event.id,
        sequence=event.sequence,
    )
    return Unreadable(arrived.record, refused)


async def write_fold(connection: Connection, fold: Fold) -> None:
    """Writes everything that was gathered. Duties come before outbox rows, as in the relay."""
    await cases.insert_occurrences(connection, fold.new_occurrences.values())
    await cases.update_occurrences(connection, list(fold.known_occurrences.values()))
    await decisions.insert_decisions(connection, fold.decisions)
    await duties.insert_duties(connection, fold.new_duties.values())
    await duties.update_duties(connection, list(fold.known_duties.values()))
    await duties.insert_notifications(connection, fold.notifications)
    await duties.insert_duty_changes(connection, fold.changes)
    fold.forget_withdrawals(
        await outbox.withdraw_unnumbered(connection, list(fold.instead_of_withdrawal), at=fold.at)
    )
    await outbox.insert_messages(connection, fold.outbox.values())
    await fold.learnings.write(connection, at=fold.at)
    await outbox.wake_relays(connection)
