"""Who is told when nobody answers: a rulebook's ladders, each of which ends outside MASH."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from routing_rules.awaited import Unmet
from routing_rules.directory import Team
from routing_rules.settings import ResponseTime
from schemas.values import Urgency


class Told(StrEnum):
    """Whom a step tells. `lead` is the safeguarding team of the silent team's organisation."""

    LEAD = "lead"
    MASH = "mash"
    ON_CALL = "on call"


@dataclass(frozen=True, slots=True)
class LadderStep:
    """Who is told so long after what is awaited was due, and how soon they must answer."""

    tell: Told
    after: ResponseTime
    urgency: Urgency


@dataclass(frozen=True, slots=True)
class Ladder:
    """Steps in order. The last tells the person on call, and is taken again until answered."""

    steps: tuple[LadderStep, ...]
    again_every: ResponseTime


@dataclass(frozen=True, slots=True)
class OnCall:
    """A named person outside MASH, day and night, with a queue of their own."""

    name: str
    role: str
    team: Team


@dataclass(frozen=True, slots=True)
class Escalation:
    """All that `escalation.yaml` says; every silence of every urgency has exactly one ladder.

    A step is late if it is taken more than `late_after` after it was due: the watch had stopped.
    """

    on_call: OnCall
    late_after: timedelta
    ladders: Mapping[tuple[Unmet, Urgency], Ladder]
