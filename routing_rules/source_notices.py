"""What is wrong with a source is a duty of MASH: it has an owner and a clock, and climbs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from routing_rules.case import DutyChange
from routing_rules.decision import Json, Reason
from routing_rules.rulebook import Rulebook
from routing_rules.source_findings import Finding
from routing_rules.sources import LONDON, Source
from routing_rules.watch_notices import WatchNotice, and_out_of_hours, owe_notice

_FINDINGS = UUID("7f0b7a0e-2c55-5f1c-8d5b-2b0a4f6c9e11")
_REASON = Reason("source", "What a source did not send, nobody can be told of.")
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
