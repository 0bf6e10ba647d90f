"""Registrations: what a register now knows of one person, and who is family to whom.

They are kept by `routing_rules.register`. Only what an event gives counts: a field that is left
out says nothing, an explicit null says that nothing is known any more (contracts, "Maternity and
registration"). `model_fields_set` tells the two apart.
"""

from enum import StrEnum

from pydantic import Field

from schemas.base import Day, Message, Moment
from schemas.events import EventData
from schemas.person import Code, NhsNumber, Person
from schemas.values import EventStatus, Relation


class FlagKind(StrEnum):
    """Why a child, or an unborn one, is flagged."""

    CHILD_PROTECTION = "child_protection"
    LOOKED_AFTER = "looked_after"
    CHILD_IN_NEED = "child_in_need"
    UNBORN_PLAN = "unborn_plan"
    EXPLOITATION_RISK = "exploitation_risk"
    UNKNOWN = "unknown"


class FlagState(StrEnum):
    """Whether a flag is set; one whose state is not known has not ended by that."""

    ACTIVE = "active"
    ENDED = "ended"
    UNKNOWN = "unknown"


class Flag(Message):
    """A flag that a local authority set: `from_` and `until` are its first and its last day."""

    kind: FlagKind = FlagKind.UNKNOWN
    state: FlagState = FlagState.UNKNOWN
    from_: Day | None = Field(None, alias="from")
    until: Day | None = None
    authority: Code | None = None


class RegistrationPerson(EventData):
    """What a register knows of one person from `recorded_at` on; the person's role says nothing.

    Without `recorded_at` it is recorded when it was published. The occurrence is the person and
    `recorded_at`: `entered_in_error` withdraws what was told of that, `updated` corrects it.
    """

    person: Person
    status: EventStatus = EventStatus.NEW
    recorded_at: Moment | None = None
    health_visiting_team: Code | None = None
    family_nurse: bool | None = None
    deceased_on: Day | None = None
    flags: tuple[Flag, ...] = ()


class FamilyLink(EventData):
    """What `from_` is to `to`, which is an NHS number or names a pregnancy.

    The occurrence is both ends of the link. Without `recorded_at` it is recorded when it was
    published; from `ended_at` on it is so no longer.
    """

    from_: NhsNumber | None = Field(None, alias="from")
    to: Code | None = None
    is_: Relation = Field(Relation.UNKNOWN, alias="is")
    status: EventStatus = EventStatus.NEW
    recorded_at: Moment | None = None
    ended_at: Moment | None = None
