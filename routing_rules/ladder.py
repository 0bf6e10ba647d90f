"""How far one silence has climbed, and what is next: a pure function of duty, rulebook and time."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from routing_rules.awaited import Awaited, WatchedDuty, awaited_of
from routing_rules.clocks import due_by
from routing_rules.directory import Team
from routing_rules.escalation import Ladder, LadderStep, Told
from routing_rules.no_team import NoTeam
from routing_rules.rulebook import Rulebook
from routing_rules.settings import ResponseTime
from routing_rules.working_time import LONDON, due_after
from schemas.values import Service, Urgency

_CLOCKS_DIFFER = timedelta(minutes=10)
_HEIGHTS = tuple(Told)
"""Every ladder comes by them in this order, each once (`escalation_loader`)."""


@dataclass(frozen=True, slots=True)
class LastStep:
    """The highest step that was taken of one silence, when, as what somebody was told, and who.

    `since` is from when the steps of this silence count. It is worked out once: another rulebook
    that goes live meanwhile does not move it.
    """

    step: int
    taken_at: datetime
    told: Told
    recipient: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Reached:
    """A step whose time has come: whom to tell, as what, and since when that was due (UTC).

    `is_late`: it is taken so much later that the watch must have stood still.
    """

    step: int
    told: Told
    team: Team
    urgency: Urgency
    due_at: datetime
    is_late: bool


@dataclass(frozen=True, slots=True)
class Climb:
    """What is to be done about one duty now, and when to look at it again (UTC).

    Steps come in order. Only the last is told: those before it were passed while nobody looked, or
    have the same time. `look_at` is None where nothing is awaited.
    """

    awaited: Awaited | None
    steps: tuple[Reached, ...]
    look_at: datetime | None


@dataclass(frozen=True, slots=True)
class _Rung:
    told: Told
    team: Team
    urgency: Urgency
    due_at: datetime


def climb(
    duty: WatchedDuty, taken: Mapping[datetime, LastStep], rulebook: Rulebook, at: datetime
) -> Climb:
    """What a duty's silence asks for at a moment.

    `taken` gives the last step of each silence of the duty, by when that began (`silence_of`): an
    update goes on with the same silence, a later date or a refusal begins another.

    Steps count from when what is awaited was due; where the duty was owed only after that, from
    when its recipient could have answered: nobody is chased for what they were not told of.

    Each step is reached once. Beyond the last one, the person on call is told again and again:
    there is always a next time to look while something is awaited.

    How far a silence has climbed is by whom it has reached, and not by counting: under a rulebook
    with another ladder nobody is told twice as the same, nobody is left out who is still to come,
    and somebody else on call is told at once.
    """
    awaited = awaited_of(duty)
    if awaited is None:
        return Climb(None, (), None)
    last = taken.get(_begun(duty, awaited))
    since = _chased_from(duty, awaited, rulebook) if last is None else last.since
    awaited = replace(awaited, since=since)
    if at < awaited.since:
        return Climb(awaited, (), awaited.since)
    ladder = rulebook.escalation.ladders[(awaited.unmet, duty.urgency)]
    rungs = tuple(_rungs(ladder, duty, awaited.since, rulebook, at))
    done = _done(rungs, last)
    before = 0 if last is None else last.step - done
    if last is not None and done == len(rungs):
        rungs = (*rungs, _again(rungs[-1], last, ladder, rulebook, at))
    reached = tuple(
        _reached(before + place, rung, rulebook, at)
        for place, rung in enumerate(rungs, 1)
        if place > done and rung.due_at <= at
    )
    highest = done + len(reached)
    if highest < len(rungs):
        return Climb(awaited, reached, rungs[highest].due_at)
    return Climb(awaited, reached, _after(ladder.again_every, at, rulebook))


def silence_of(duty: WatchedDuty) -> datetime | None:
    """What names a duty's silence, whichever rulebook is live: when its own clock began."""
    awaited = awaited_of(duty)
    return None if awaited is None else _begun(duty, awaited)


def _begun(duty: WatchedDuty, awaited: Awaited) -> datetime:
    return max(duty.owed_at, awaited.since)


def _done(rungs: Sequence[_Rung], last: LastStep | None) -> int:
    """How many rungs have been taken: those up to whoever was told last."""
    if last is None:
        return 0
    height = _HEIGHTS.index(last.told)
    return sum(_HEIGHTS.index(rung.told) <= height for rung in rungs)


def _again(rung: _Rung, last: LastStep, ladder: Ladder, rulebook: Rulebook, at: datetime) -> _Rung:
    """The last rung once more: after a while, or at once if somebody else is on call by now."""
    is_ahead = last.taken_at > at + _CLOCKS_DIFFER  # by a clock that has been put right since
    is_another = rung.team.recipient != last.recipient
    at_once = is_ahead or is_another
    due_at = at if at_once else _after(ladder.again_every, last.taken_at, rulebook)
    return _Rung(rung.told, rung.team, rung.urgency, due_at)


def _chased_from(duty: WatchedDuty, awaited: Awaited, rulebook: Rulebook) -> datetime:
    if duty.owed_at < awaited.since:
        return awaited.since
    on = duty.owed_at.astimezone(LONDON).date()
    team = rulebook.directory.team_by_recipient(duty.recipient, on) or rulebook.mash(on)
    return due_by(rulebook, duty.urgency, duty.owed_at, team)


def _rungs(
    ladder: Ladder, duty: WatchedDuty, since: datetime, rulebook: Rulebook, at: datetime
) -> Iterator[_Rung]:
    """Whom each step tells, and when; those who cannot be told leave their time to the next."""
    told = [
        (step, team)
        for step in ladder.steps
        if (team := _team(step, duty, rulebook, at)) is not None
    ]
    due_at = since
    for (step, team), place in zip(told, ladder.steps, strict=False):
        due_at = max(due_at, _after(place.after, since, rulebook))
        yield _Rung(step.tell, team, step.urgency, due_at)


def _team(step: LadderStep, duty: WatchedDuty, rulebook: Rulebook, at: datetime) -> Team | None:
    """Whom a step tells; None where there is nobody, or only who is silent already."""
    on = at.astimezone(LONDON).date()
    team: Team | NoTeam
    match step.tell:
        case Told.ON_CALL:
            return rulebook.escalation.on_call.team
        case Told.MASH:
            team = rulebook.mash(on)
        case Told.LEAD:
            lead_of = rulebook.directory.team_of_organisation
            team = lead_of(Service.SAFEGUARDING, duty.organisation, on)
    return team if isinstance(team, Team) and team.recipient != duty.recipient else None


def _reached(step: int, rung: _Rung, rulebook: Rulebook, at: datetime) -> Reached:
    is_late = at - rung.due_at > rulebook.escalation.late_after
    return Reached(step, rung.told, rung.team, rung.urgency, rung.due_at, is_late)


def _after(length: ResponseTime, since: datetime, rulebook: Rulebook) -> datetime:
    return due_after(
        length, since, hours=rulebook.settings.office_hours, calendar=rulebook.calendar
    )
