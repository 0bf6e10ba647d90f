"""What is wrong with a source is a duty of MASH: it has an owner and a clock, and climbs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from routing_rules.case import DutyChange
from routing_rules.decision import Json, Reason
from routing_rules.rulebook import Rulebook
from routing_rules.source_findings import Finding, FindingKind
from routing_rules.sources import LONDON, Source
from routing_rules.watch_notices import WatchNotice, and_out_of_hours, owe_notice

_FINDINGS = UUID("7f0b7a0e-2c55-5f1c-8d5b-2b0a4f6c9e11")
_REASON = Reason("source", "What a source did not send, nobody can be told of.")
_RING = "Ring its contact:"
_OPERATOR = "Ask the operator of Fieldfare:"
_DO = {
    FindingKind.SEQUENCE_GAP: f"{_RING} ask for the events with these numbers, and what they say.",
    FindingKind.NUMBERS_REPEATED: f"{_RING} which events had these numbers, and is one missing?",
    FindingKind.NUMBERS_RESTARTED: f"{_RING} why does it count anew, and was anything not sent?",
    FindingKind.NOT_NUMBERED: f"{_RING} ask it to number its events, as was agreed.",
    FindingKind.DAILY_COUNT_DIFFERS: f"{_RING} ask it to send those days again.",
    FindingKind.DAILY_COUNT_MISSING: f"{_RING} ask how many events there were on those days.",
    FindingKind.SILENT: f"{_RING} does it send? If it cannot, ask it to telephone what is urgent.",
    FindingKind.SUDDEN_FALL: f"{_RING} were there really so few? Ask for what was not sent.",
    FindingKind.FLOOD_OF_WARNINGS: f"{_RING} what has changed in what it sends?",
    FindingKind.FLOOD_OF_DEAD_LETTERS: f"{_RING} what has changed? Each has a notice of its own.",
    FindingKind.CLOCK_SKEW: f"{_RING} is its clock right, and does it send at once?",
    FindingKind.LOG_GAP: f"{_RING} ask it to send that time again. It was lost here, not there.",
    FindingKind.PROBE_LOST: f"{_OPERATOR} do router, relay and Kafka run? Events may wait unseen.",
    FindingKind.NOT_LISTED: f"{_OPERATOR} who is it? It is to be listed, or to be shut out.",
}
_NOT_LISTED = "not listed in the rulebook"


@dataclass(frozen=True, slots=True)
class Owed:
    """The duties about one finding: MASH's, and that of its out-of-hours contact if it is closed.

    The id is of the source, the kind and the time, so the same finding is never owed twice.
    """

    finding_id: UUID
    changes: tuple[DutyChange, ...]


def owe_finding(
    publisher: str, source: Source | None, finding: Finding, rulebook: Rulebook, at: datetime
) -> Owed:
    """What is owed about something that is wrong with a source, found at that moment (aware)."""
    finding_id = uuid5(_FINDINGS, f"{publisher}|{finding.kind}|{at.isoformat()}")
    mash = rulebook.mash(at.astimezone(LONDON).date())
    content: Mapping[str, Json] = {
        "source": publisher,
        "finding": finding.kind.value,
        "contact": _NOT_LISTED if source is None else source.contact,
        "do": _DO[finding.kind],
        **finding.detail,
    }
    notices = (
        WatchNotice(
            belongs_to=finding_id,
            team=team,
            urgency=finding.urgency,
            reason=_REASON,
            because=f"{publisher}: {finding.because}",
            content=content,
        )
        for team in and_out_of_hours(mash, finding.urgency, rulebook, at)
    )
    return Owed(finding_id, tuple(owe_notice(notice, rulebook, at) for notice in notices))
