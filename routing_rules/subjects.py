"""Whose event it is, who else is in it, and what follows from its kind for everybody.

An attendance, a pregnancy or a contact is somebody's: what is told about others in it stems from
that person. A police notification, a conference or a plan is about all in it alike.
"""

from collections.abc import Sequence

from schemas.community import CommunityContact, OfCommunity, RelapsePlan, TransferIn
from schemas.events import (
    AnyEventData,
    EmergencyAttendance,
    MaracOutcome,
    MaternityData,
    PoliceDomesticAbuse,
    SocialCareData,
)
from schemas.maternity import (
    Birth,
    MaternityBooking,
    MaternityConcern,
    OfPregnancy,
    PostnatalTransfer,
    PregnancyEnded,
)
from schemas.onward_referral import OnwardReferral
from schemas.person import Person
from schemas.social_care import ExploitationRisk
from schemas.values import Concern, Role, Setting

VIOLENCE: frozenset[str] = frozenset({Concern.ASSAULT, Concern.DOMESTIC_ABUSE, Concern.UNKNOWN})
"""What makes an attendance one for violence; a concern that cannot be read may be that."""
_SEXUAL: frozenset[str] = frozenset(
    {Concern.EMERGENCY_CONTRACEPTION, Concern.SEXUAL_HEALTH, Concern.EXPLOITATION, Concern.UNKNOWN}
)
MAYBE_SEXUAL_HEALTH_SETTINGS = frozenset({Setting.SEXUAL_HEALTH, Setting.UNKNOWN})
MAYBE_FGM: frozenset[str] = frozenset({Concern.FGM, Concern.UNKNOWN})


def people_of(data: AnyEventData) -> tuple[Person, ...]:
    """Everybody in the event; the patient or the mother comes first, then babies."""
    if isinstance(data, PoliceDomesticAbuse | MaracOutcome | SocialCareData | TransferIn):
        return data.people
    subject = subject_of(data)
    alone = () if subject is None else (subject,)
    return (*alone, *babies_of(data), *data.people)


def subject_of(data: AnyEventData) -> Person | None:
    """Whose attendance, pregnancy or contact it is; None where an event is about all in it."""
    if isinstance(data, EmergencyAttendance | OnwardReferral | OfCommunity):
        return data.patient
    return data.mother if isinstance(data, OfPregnancy | PregnancyEnded) else None


def babies_of(data: AnyEventData) -> tuple[Person, ...]:
    """The babies who were born, of an event that tells of them."""
    return data.babies if isinstance(data, Birth | PostnatalTransfer) else ()


def with_people(data: AnyEventData, people: Sequence[Person]) -> AnyEventData:
    """The event with other people in the places of its own, in the order of `people_of`.

    Those beyond its own number are added to its people.
    """
    left = [*people]
    told: dict[str, object] = {}
    subject = subject_of(data)
    if subject is not None:
        told["mother" if isinstance(data, MaternityData) else "patient"] = left.pop(0)
    if babies := len(babies_of(data)):
        told["babies"], left = tuple(left[:babies]), left[babies:]
    return data.model_copy(update={**told, "people": tuple(left)})


def may_be_violence(data: AnyEventData) -> bool:
    """Whether an event with concerns says that somebody was harmed by another, or may say so."""
    if isinstance(data, EmergencyAttendance | CommunityContact | MaternityConcern):
        return not VIOLENCE.isdisjoint(data.concerns)
    return isinstance(data, PoliceDomesticAbuse | MaracOutcome)


def needs_safe_contact(data: AnyEventData) -> bool:
    """Whether nobody may be phoned where no safe way is given: somebody near may be the danger."""
    return may_be_violence(data) or isinstance(data, SocialCareData)


def is_kept_from_online_access(data: AnyEventData) -> bool:
    """Whether a practice must hide it where the patient, or somebody beside them, can read it."""
    hidden = MaternityBooking | MaternityConcern | PregnancyEnded | PostnatalTransfer | RelapsePlan
    return needs_safe_contact(data) or isinstance(data, hidden) or is_confidential(data)


def is_confidential(data: AnyEventData) -> bool:
    """Whether it is of a kind that only those who must know may know of (domain facts 1.9).

    Sexual health, exploitation, FGM, a relapse plan, and how a pregnancy ended; what cannot be
    read may be one of these.
    """
    match data:
        case CommunityContact():
            is_sexual = data.setting in MAYBE_SEXUAL_HEALTH_SETTINGS
            return is_sexual or not _SEXUAL.isdisjoint(data.concerns)
        case MaternityConcern():
            return not MAYBE_FGM.isdisjoint(data.concerns)
        case _:
            return isinstance(data, ExploitationRisk | RelapsePlan | PregnancyEnded)


def is_of_the_pregnancy(data: AnyEventData, person: Person) -> bool:
    """Whether somebody is the unborn child, or the baby, of a pregnancy's event."""
    if not isinstance(data, MaternityData):
        return False
    return person.role is Role.UNBORN or person.ref in {baby.ref for baby in babies_of(data)}


def may_tell_of_the_mother(data: AnyEventData, person: Person) -> bool:
    """Whether the notice about an unborn child or a baby tells what is the mother's own affair."""
    tells = isinstance(data, MaternityConcern | PostnatalTransfer)
    return tells and is_of_the_pregnancy(data, person)
