"""Registrations: what a register now knows of one person, and who is family to whom.

They are kept by `routing_rules.register`. Only what an event gives counts: a field that is left
out says nothing, an explicit null says that nothing is known any more (contracts, "Maternity and
registration"). `model_fields_set` tells the two apart.
"""

from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, ConfigDict, Field

from schemas.base import Day, Message, Moment
from schemas.event_data import EventData
from schemas.nhs_number import checked_nhs_number
from schemas.person import Code, NhsNumber, PersonRecord
from schemas.values import EventStatus, IdentityReason, Relation


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


def checked_end(text: str) -> str:
    """One end of a link: an NHS number as ten digits, or the name of a pregnancy as it stands.

    Ten digits, however spaced, are meant as a number.

    Raises:
        ValueError: they are no usable number. The message never holds the text.
    """
    compact = text.replace(" ", "").replace("-", "")
    return checked_nhs_number(compact) if _is_number(compact) else text


def _is_number(text: str) -> bool:
    return len(text) == 10 and text.isdecimal()


LinkEnd = Annotated[Code, AfterValidator(checked_end)]


class RegistrationPerson(EventData):
    """What a register knows of one person from `recorded_at` on; the person's role says nothing.

    Without `recorded_at` it is recorded when it was published. The occurrence is the person and
    `recorded_at`: `entered_in_error` withdraws what was told of that, `updated` corrects it.
    """

    person: PersonRecord
    status: EventStatus = EventStatus.NEW
    recorded_at: Moment | None = None
    health_visiting_team: Code | None = None
    family_nurse: bool | None = None
    deceased_on: Day | None = None
    flags: tuple[Flag, ...] = ()


class FamilyLink(EventData):
    """What `from_` is to `to`, which is an NHS number or names a pregnancy.

    The occurrence is both ends of the link. Without `recorded_at` it is recorded when it was
    published; from `ended_at` on it is so no longer. An end that cannot be used is not known: the
    link is accepted with a warning, and nothing can be registered.
    """

    model_config = ConfigDict(json_schema_extra={"required": ["from", "to"]})

    from_: NhsNumber | None = Field(None, alias="from")
    to: LinkEnd | None = None
    is_: Relation = Field(Relation.UNKNOWN, alias="is")
    status: EventStatus = EventStatus.NEW
    recorded_at: Moment | None = None
    ended_at: Moment | None = None

    @property
    def numbers(self) -> tuple[str, ...]:
        """Its ends that are NHS numbers."""
        return tuple(end for end in (self.from_, self.to) if end and _is_number(end))


class IdentityChange(EventData):
    """An NHS number gives way to another, or two that were joined are parted.

    The occurrence is `from_` and `recorded_at`; without the latter it is recorded when it was
    published. `to` may be left out only where the identity is protected: nothing may then lead
    from the one to the other.
    """

    model_config = ConfigDict(json_schema_extra={"required": ["from", "reason"]})

    from_: NhsNumber | None = Field(None, alias="from")
    to: NhsNumber | None = None
    reason: IdentityReason = IdentityReason.UNKNOWN
    status: EventStatus = EventStatus.NEW
    recorded_at: Moment | None = None

    @property
    def numbers(self) -> tuple[str, ...]:
        """Both numbers, as far as they are usable."""
        return tuple(number for number in (self.from_, self.to) if number)

    @property
    def lacks_an_end(self) -> bool:
        """Whether it does not say to which number, though it must."""
        return self.to is None and self.reason is not IdentityReason.PROTECTED
