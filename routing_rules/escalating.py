"""From silences to notices: one for each reader, with counts and a link, and nobody's name."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from routing_rules.awaited import Awaited, Unmet, WatchedDuty
from routing_rules.case import DutyChange
from routing_rules.decision import Json, Reason
from routing_rules.directory import Team
from routing_rules.escalation import Told
from routing_rules.ladder import Reached
from routing_rules.reconcile import ESCALATION_KEY, duty_id_of
from routing_rules.rulebook import Rulebook
from routing_rules.watch_notices import WatchNotice, and_out_of_hours, owe_notice
from schemas.values import NotificationKind, Urgency

_ESCALATIONS = UUID("c1d5a3f2-7a51-5e0b-9b1e-40c4b9a8d7e6")
_REASON = Reason("escalation", "Somebody was told of a risk and nobody has seen to it in time.")
_WORDS = {
    Unmet.REFUSED: (
        "refused",
        "Refused: the team says it is theirs and it cannot act. Find who can.",
    ),
    Unmet.NOT_SENT: (
        "not sent",
        "Not sent: the team does not know of it. Tell the team yourself, by telephone.",
    ),
    Unmet.NOT_ACKNOWLEDGED: (
        "not acknowledged",
        "Not acknowledged: ask the team to read it and to accept what is asked.",
    ),
    Unmet.NOT_RECORDED: ("not recorded", "Not recorded: ask the team to file it."),
    Unmet.NOT_DONE: (
        "not done",
        "Not done: ask the team to do what it was asked, or find somebody who will.",
    ),
}
"""What is wrong, and what to do about it, in the order in which a reader should see to them."""
_DO_FIRST = "Open the link to see which they are, and acknowledge this when you have seen to them."
_MOST_URGENT_FIRST = tuple(Urgency)
OUT_OF_HOURS = "out of hours"


@dataclass(frozen=True, slots=True)
class Silence:
    """A duty whose ladder has a step to take now."""

    duty: WatchedDuty
    awaited: Awaited
    steps: Sequence[Reached]

    @property
    def highest(self) -> Reached:
        """The step that is told; those below it are recorded as passed."""
        return self.steps[-1]


@dataclass(frozen=True, slots=True)
class Escalated:
    """The notices of one pass, and which of them tell of each duty: reader first, then copy."""

    changes: tuple[DutyChange, ...]
    notices_of: Mapping[UUID, tuple[UUID, ...]]


def escalate(
    silences: Iterable[Silence], rulebook: Rulebook, at: datetime, *, console: str
) -> Escalated:
    """One notice for each reader of these silences; `console` is where its link leads.

    What cannot wait goes to the out-of-hours contact of a closed team as well.
    """
    readers: dict[str, Team] = {}
    told: dict[str, list[Silence]] = defaultdict(list)
    for silence in silences:
        step = silence.highest
        for team in and_out_of_hours(step.team, step.urgency, rulebook, at):
            readers[team.recipient] = team
            told[team.recipient].append(silence)
    changes: list[DutyChange] = []
    notices_of: dict[UUID, tuple[UUID, ...]] = defaultdict(tuple)
    for recipient, group in sorted(told.items()):
        change = _tell(readers[recipient], group, rulebook, at, console)
        changes.append(change)
        for silence in group:
            known = notices_of[silence.duty.duty_id]
            notice = (change.held.duty_id,)
            is_reader = silence.highest.team.recipient == recipient
            notices_of[silence.duty.duty_id] = notice + known if is_reader else known + notice
    return Escalated(tuple(changes), notices_of)


def _tell(
    team: Team, group: Sequence[Silence], rulebook: Rulebook, at: datetime, console: str
) -> DutyChange:
    belongs_to = _matter(group)
    identity = (ESCALATION_KEY, team.service, team.recipient, NotificationKind.ESCALATE, "")
    link = f"{console}/missed?notice={duty_id_of(belongs_to, identity, 1)}"
    notice = WatchNotice(
        belongs_to=belongs_to,
        team=team,
        urgency=min((s.highest.urgency for s in group), key=_MOST_URGENT_FIRST.index),
        reason=_REASON,
        because=_because(group),
        content=_content(team, group, rulebook, link),
    )
    return owe_notice(notice, rulebook, at)


def _matter(group: Sequence[Silence]) -> UUID:
    """The steps that are told, which are taken once: the same notice can never be owed twice."""
    steps = sorted(
        f"{s.duty.duty_id}|{s.awaited.since.isoformat()}|{s.highest.step}" for s in group
    )
    return uuid5(_ESCALATIONS, "\n".join(steps))


def _because(group: Sequence[Silence]) -> str:
    """How many wait, and for what, with nobody's name."""
    counts = Counter(s.awaited.unmet for s in group)
    parts = [f"{counts[unmet]} {words}" for unmet, (words, _) in _WORDS.items() if counts[unmet]]
    duties = "1 duty waits" if len(group) == 1 else f"{len(group)} duties wait"
    return f"{duties}: {', '.join(parts)}"


def _content(
    team: Team, group: Sequence[Silence], rulebook: Rulebook, link: str
) -> Mapping[str, Json]:
    """Counts, how far it has climbed, since when, and where to look; nothing of anybody."""
    counts = Counter((s.duty.service.value, s.duty.recipient, s.awaited.unmet.value) for s in group)
    unmet_here = {s.awaited.unmet for s in group}
    as_reader = {s.highest.told for s in group if s.highest.team.recipient == team.recipient}
    content: dict[str, Json] = {
        "told_as": max(as_reader, key=tuple(Told).index).value if as_reader else OUT_OF_HOURS,
        "step": max(s.highest.step for s in group),
        "duties": len(group),
        "counts": [
            {"service": service, "recipient": recipient, "unmet": unmet, "duties": duties}
            for (service, recipient, unmet), duties in sorted(counts.items())
        ],
        "do": [_DO_FIRST, *(do for unmet, (_, do) in _WORDS.items() if unmet in unmet_here)],
        "oldest_due": min(s.awaited.since for s in group).isoformat(),
        "late": any(s.highest.is_late for s in group),
        "link": link,
    }
    on_call = rulebook.escalation.on_call
    if team.recipient == on_call.team.recipient:
        content["on_call"] = {"name": on_call.name, "role": on_call.role}
    return content
