"""Daily counts and probes of one batch: kept, answered, and never routed."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from schemas.events import Refused
from schemas.reasons import Reason
from schemas.source_messages import CountedDay, Probe
from services.ledger.events import EventKey
from services.ledger.sources import CountRow, digests_of_counts, insert_counts, probes_arrived
from services.router.arrivals import FromSource, Unreadable
from services.router.fold import Fold
from services.router.tally import Tally
from services.runtime.postgres import Connection


async def take_source_messages(
    connection: Connection, messages: Sequence[FromSource], fold: Fold, tally: Tally
) -> list[Unreadable]:
    """Stores what sources say of themselves, and gathers the answers; answers what is refused.

    What says that it is a probe and is not in the ledger was not sent by Fieldfare: a dead letter.
    """
    if not messages:
        return []
    return [
        *await _take_counts(connection, messages, fold, tally),
        *await _take_probes(connection, messages, fold),
    ]


async def _take_counts(
    connection: Connection, messages: Iterable[FromSource], fold: Fold, tally: Tally
) -> list[Unreadable]:
    counts = [(each, each.told) for each in messages if isinstance(each.told, CountedDay)]
    first = {EventKey(told.source, told.id): (each, told) for each, told in reversed(counts)}
    rows = [_count_row(each, told, at=fold.at) for each, told in first.values()]
    fresh = await insert_counts(connection, rows)
    digests = await digests_of_counts(connection, first.keys() - fresh)
    reused: list[Unreadable] = []
    for each, told in counts:
        key, post = EventKey(told.source, told.id), fold.routing.post
        if key not in digests:
            digests[key] = told.sha256
            tally.heard(each.publisher, told.time)
            fold.send(post.accepted(each.record, told, at=fold.at))
        elif digests[key] == told.sha256:
            fold.send(post.repeated(each.record, told, at=fold.at))
        else:
            reused.append(_refused(each, "id", "id_reused"))
    return reused


async def _take_probes(
    connection: Connection, messages: Iterable[FromSource], fold: Fold
) -> list[Unreadable]:
    """Sends on each probe that arrives for the first time; one that comes again is passed over."""
    probes = [(each, each.told) for each in messages if isinstance(each.told, Probe)]
    asked = {told.probe_id: each.publisher for each, told in probes}
    known = await probes_arrived(connection, asked, at=fold.at)
    forged: list[Unreadable] = []
    for each, told in probes:
        is_ours = told.probe_id in known and asked[told.probe_id] == each.publisher
        if not is_ours:
            forged.append(_refused(each, "id", Reason.NOT_OUR_PROBE))
        elif known[told.probe_id]:
            fold.send(fold.routing.post.probe(told.probe_id, each.publisher, at=fold.at))
    return forged


def _count_row(each: FromSource, told: CountedDay, *, at: datetime) -> CountRow:
    counted, record = told.counted, each.record
    return CountRow(
        source=told.source,
        id=told.id,
        sha256=told.sha256,
        publisher=each.publisher,
        day=counted.day,
        counted=counted.count,
        first_number=_number(counted.first_sequence),
        last_number=_number(counted.last_sequence),
        published_at=told.time,
        topic=record.topic,
        partition=record.partition,
        log_offset=record.offset,
        received_at=at,
    )


def _refused(each: FromSource, field: str, reason: str) -> Unreadable:
    told = each.told
    named = told.id if isinstance(told, CountedDay) else str(told.probe_id)
    return Unreadable(
        each.record,
        Refused(field=field, reason=reason, sha256=told.sha256, source=told.source, id=named),
    )


def _number(sequence: str | None) -> int | None:
    return None if sequence is None else int(sequence)
