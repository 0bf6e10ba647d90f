"""Who is of concern: somebody about whom no rule at all is a gap in the rules, and not a choice.

These are the people whom the inspection's pathways name. Of everybody else in an event, such as a
grown-up with a sprained ankle, an aunt, or somebody who is only an alleged perpetrator, nobody has
promised that anybody is told.
"""

from routing_rules.ages import ADULT_AGE
from routing_rules.facts import Facts, PersonFacts
from routing_rules.people import CHILDREN_OF_A_FAMILY
from schemas.values import EventType, Pregnant, Role

_HIDES_A_CHILD = frozenset(
    {
        "self harm",
        "overdose",
        "domestic abuse",
        "alcohol",
        "substance misuse",
        "mental health",
        "unknown",
    }
)
"""What an adult attends for, of which whoever looks after the adult's children must hear (P09)."""

_OF_ABUSE = frozenset({EventType.POLICE_DOMESTIC_ABUSE, EventType.MARAC_OUTCOME})
_OF_A_CHILD = frozenset(
    {
        EventType.MATERNITY_CONCERN,
        EventType.CHILD_STATUS,
        EventType.CONFERENCE_INVITATION,
        EventType.CONFERENCE_OUTCOME,
        EventType.EXPLOITATION_RISK,
        EventType.SOCIAL_CARE_REFERRAL,
    }
)
"""Events that are sent because of a child, or one not yet born; of its siblings rules choose.

Of births, contacts and the like most are nobody else's business, so that rules choose.
"""


def is_of_concern(facts: Facts, person: PersonFacts) -> bool:
    """Whether somebody must be told about this person, whatever the rules say.

    Of domestic abuse and of conferences about it: victims, children and the unborn. Of what social
    care tells, and of concerns in a pregnancy: children and the unborn, but for siblings. Of a
    booking: a mother who is a child. Of an attendance that has ended, or should have: a patient who
    is a child, may be one, or is or may be pregnant; and children whose parent attends for what may
    harm them. Unknown is not no: somebody whose age is not known may be a child. The caller asks it
    of nobody who is guarded.
    """
    role = person.party.person.role
    if facts.type in _OF_ABUSE:
        return role in {Role.VICTIM, Role.UNBORN} or _is_child(person)
    if facts.type in _OF_A_CHILD:
        return role is Role.UNBORN or (role is not Role.SIBLING and _is_child(person))
    if facts.type is EventType.MATERNITY_BOOKING:
        return role is Role.PATIENT and _is_child(person)
    return facts.type is EventType.EMERGENCY_ATTENDANCE and _is_of_concern_there(facts, person)


def _is_of_concern_there(facts: Facts, person: PersonFacts) -> bool:
    """Of an attendance."""
    if facts.event["departure"] == "awaited":
        return False
    if person.party.person.role is Role.PATIENT:
        return _may_be_child(person) or _may_be_pregnant(person)
    concerns = facts.event["concerns"]
    hides = isinstance(concerns, frozenset) and bool(concerns & _HIDES_A_CHILD)
    return hides and _is_child(person) and _is_of_patient(person)


def _is_of_patient(person: PersonFacts) -> bool:
    """Whether a child may be the patient's: not its sibling, nor only a companion's."""
    role = person.party.person.role
    if role is Role.CHILD_KNOWN_TO_REGISTER:
        return any(Role.PATIENT in parent.roles for parent in person.parents)
    return role is not Role.SIBLING


def _is_child(person: PersonFacts) -> bool:
    """A child by age, or by role where the age is not known."""
    age = person.features["age"]
    if isinstance(age, int):
        return age < ADULT_AGE
    return person.party.person.role in CHILDREN_OF_A_FAMILY


def _may_be_child(person: PersonFacts) -> bool:
    age = person.features["age"]
    return not isinstance(age, int) or age < ADULT_AGE


def _may_be_pregnant(person: PersonFacts) -> bool:
    return person.party.person.pregnant in {Pregnant.YES, Pregnant.POSSIBLE}
