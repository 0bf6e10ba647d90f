"""The content of one notification: the allowed parts of an event, for one person.

The content never holds more of anybody than the disclosure table allows, and nothing at all
about the other party where somebody is accused and victim at once.
"""

from dataclasses import dataclass

from routing_rules.content_parts import (
    attendance_parts,
    category_of_concern,
    health_actions,
    marac_parts,
    open_actions,
    own_actions,
    police_parts,
)
from routing_rules.decision import Json
from routing_rules.disclosure import Part
from routing_rules.facts import Facts, PersonFacts
from routing_rules.fields import in_words, phrase_of
from routing_rules.hidden_places import without_places
from routing_rules.pathway_content import pathway_category, pathway_parts
from routing_rules.people import CHILD_ROLES
from routing_rules.subjects import is_of_the_pregnancy, subject_of
from schemas.events import EmergencyAttendance, MaracOutcome, PoliceDomesticAbuse
from schemas.person import Address, Name
from schemas.values import Role, Service

ABOUT_OTHERS = frozenset(
    {
        Part.OTHER_ADULTS_BY_NAME,
        Part.OTHER_ADULTS_BY_ROLE,
        Part.HEADLINE,
        Part.SUMMARY,
        Part.NARRATIVE,
        Part.INCIDENT_LOCATION,
        Part.RISK_SUMMARY,
        Part.ANALYSIS_OF_RISK,
        Part.ALL_HEALTH_ACTIONS,
    }
)
"""Parts written about everybody: removed where they would tell one party about the other."""
ABOUT_THE_VICTIM = ABOUT_OTHERS | {
    Part.RISK,
    Part.INCIDENT_TYPES,
    Part.POLICE_REFERENCE,
    Part.ADDRESS,
    Part.ATTENDANCE,
    Part.CLINICAL_DETAIL,
    Part.SELF_HARM_DETAIL,
    Part.SEXUAL_HEALTH,
    Part.CATEGORY_OF_CONCERN,
    Part.FLAG_DATES,
    Part.CONCERNS,
    Part.FGM,
    Part.SAFEGUARDING_FIELDS,
    Part.PLAN_CATEGORIES,
    Part.INVITEES,
    Part.REFERRAL,
    Part.EXPLOITATION,
    Part.RELAPSE_PLAN,
    Part.RELAPSE_INDICATORS,
    Part.CONTACT,
}
_ABOUT_ANOTHER_CHILD = frozenset({Part.PLAN, Part.CONFERENCE})
"""Whose plan it is, a child who is known only through the accused must not give away."""


MAY_BE_CHILDREN = CHILD_ROLES | {Role.UNBORN, Role.SIBLING, Role.DEPENDANT, Role.PATIENT}


@dataclass(frozen=True, slots=True)
class Audience:
    """Who will read a notice: a service, with the parts it may see.

    `organisations` are its own and those whose actions it has taken over. `withheld`: concerns that
    nothing in this notice may carry or hint at. `stands_for`: the service for which an exception
    stands.
    """

    service: Service
    organisations: tuple[str, ...]
    parts: frozenset[Part]
    withheld: frozenset[str] = frozenset()
    stands_for: Service | None = None


def is_about_somebody_else(facts: Facts, person: PersonFacts) -> bool:
    """Whether the notice stems from another person's attendance, pregnancy or contact.

    An unborn child and a baby are what a pregnancy is about.
    """
    subject = subject_of(facts.data)
    if subject is None or is_of_the_pregnancy(facts.data, person.party.person):
        return False
    return person.party.human != subject.ref


def content_for(facts: Facts, person: PersonFacts, audience: Audience) -> dict[str, Json]:
    """The content of a notice about one person for one audience, in JSON values."""
    allowed = _allowed(facts, person, audience)
    content: dict[str, Json] = {
        "event": phrase_of(facts.type),
        "occurred_at": facts.occurred_at.isoformat(),
        "role": in_words(person.party.person.role),
    }
    content |= _identity_beside(person, allowed)
    if Part.ADDRESS in allowed:
        content |= _address(facts, person)
    content |= _event_parts(facts, person, audience, allowed)
    if allowed & {Part.OTHER_ADULTS_BY_NAME, Part.OTHER_ADULTS_BY_ROLE}:
        others = _other_adults(facts, person, by_name=Part.OTHER_ADULTS_BY_NAME in allowed)
        if others:
            content["other_adults"] = others
    return without_places(content) if hides_a_child(facts, person) else content


def is_of_accused_alone(facts: Facts, person: PersonFacts) -> bool:
    """Whether a child elsewhere is linked in the event with the accused, and with nobody else.

    Its notice may be read where the accused lives. Of a child who was there, or of whom nobody
    says whose it is, that is not assumed: nothing is kept from those who care for it.
    """
    child = person.party.person
    if Role.CHILD_ELSEWHERE not in person.party.roles or Role.VICTIM in person.party.roles:
        return False
    theirs = {link.to for link in child.relationships}
    kin = [
        other.party
        for other in facts.people
        if other.party.person.ref in theirs
        or any(link.to == child.ref for link in other.party.person.relationships)
    ]
    return bool(kin) and all(party.is_accused_only for party in kin)


def _allowed(facts: Facts, person: PersonFacts, audience: Audience) -> frozenset[Part]:
    if person.is_known_through_accused:
        return audience.parts - ABOUT_THE_VICTIM - _ABOUT_ANOTHER_CHILD
    if person.party.mother_is_guarded:
        return audience.parts - ABOUT_THE_VICTIM
    if person.party.is_accused or is_of_accused_alone(facts, person):
        return audience.parts - ABOUT_OTHERS
    return audience.parts


def _identity_beside(person: PersonFacts, allowed: frozenset[Part]) -> dict[str, Json]:
    """Who carries an unborn child, which has no number of its own; a due date if known."""
    party = person.party
    content: dict[str, Json] = {}
    if party.mother is not None:
        content["mother"] = {
            "nhs_number": party.mother.nhs_number,
            "name": name_as_json(party.mother.name),
            "date_of_birth": str(party.mother.date_of_birth or "unknown"),
        }
    due = (party.mother or party.person).expected_due_date
    if due is not None and Part.DUE_DATE in allowed:
        content["expected_due_date"] = due.isoformat()
    return content


def name_as_json(name: Name | None) -> Json:
    """A name as it travels; empty where it is not known."""
    if name is None:
        return {}
    parts = {"given": name.given, "family": name.family}
    return {key: value for key, value in parts.items() if value is not None}


def _address(facts: Facts, person: PersonFacts) -> dict[str, Json]:
    """The address, only when it is known that it is not restricted: unknown is not no.

    Where anybody's address in the event is restricted, nobody's is told: they may live together.
    """
    address = person.party.person.address
    told = person.party.person.address_restricted is False and not _hides_anybody(facts)
    return {"address": _address_as_json(address)} if told and address else {}


def _hides_anybody(facts: Facts) -> bool:
    return any(other.party.person.address_restricted for other in facts.people)


def hides_a_child(facts: Facts, person: PersonFacts) -> bool:
    """Whether somebody else whose address is restricted is not known to be an adult."""
    return any(
        other.party.person.address_restricted
        and other.party.human != person.party.human
        and not is_adult(other)
        for other in facts.people
    )


def _address_as_json(address: Address) -> Json:
    return {
        "lines": list(address.lines),
        "postcode": address.postcode,
        "district": address.district,
    }


def _event_parts(
    facts: Facts, person: PersonFacts, audience: Audience, allowed: frozenset[Part]
) -> dict[str, Json]:
    match facts.data:
        case PoliceDomesticAbuse() as police:
            hidden = {Part.INCIDENT_LOCATION} if _hides_anybody(facts) else set()
            return police_parts(police, allowed - hidden)
        case EmergencyAttendance() as attendance:
            if is_about_somebody_else(facts, person):
                return category_of_concern(attendance, allowed)
            return attendance_parts(attendance, allowed, audience.withheld)
        case MaracOutcome() as marac:
            with_text = not _is_of_accused(facts, person)
            actions = _actions(marac, audience, allowed, with_text=with_text)
            return {**marac_parts(marac, allowed), **actions}
        case data:
            if is_about_somebody_else(facts, person):
                return pathway_category(data, allowed, audience.withheld)
            return pathway_parts(data, allowed, audience.withheld)


def _is_of_accused(facts: Facts, person: PersonFacts) -> bool:
    """Whether somebody is accused, or is told about because of somebody who is."""
    party = person.party
    through_accused = party.mother_is_guarded or person.is_known_through_accused
    return party.is_accused or through_accused or is_of_accused_alone(facts, person)


def _actions(
    marac: MaracOutcome, audience: Audience, allowed: frozenset[Part], *, with_text: bool
) -> dict[str, Json]:
    """The actions that this audience may see; of an exception, those of the service not told.

    Where they might tell one party about the other, whoever may see all of them sees their own,
    and the texts are left out.
    """
    if Part.ALL_HEALTH_ACTIONS in allowed:
        actions = health_actions(marac)
    elif audience.stands_for is not None:
        actions = open_actions(marac, audience.stands_for)
    elif audience.parts & {Part.OWN_ACTIONS, Part.ALL_HEALTH_ACTIONS}:
        actions = own_actions(marac, audience.service, audience.organisations)
    else:
        return {}
    shown: list[Json] = [
        {
            "id": action.id,
            "text": action.text if with_text else None,
            "due_on": action.due_on.isoformat() if action.due_on else None,
        }
        for action in actions
    ]
    return {"actions": shown} if shown else {}


def _other_adults(facts: Facts, person: PersonFacts, *, by_name: bool) -> list[Json]:
    """The other adults of the event, by role, or by name and role; never a child or a number."""
    own = person.party
    others: list[Json] = []
    for other in facts.people:
        party = other.party
        if party.human == own.human or not is_adult(other):
            continue
        entry: dict[str, Json] = {"role": in_words(party.person.role)}
        name = name_as_json(party.person.name)
        if by_name and name:
            entry["name"] = name
        others.append(entry)
    return others


def is_adult(person: PersonFacts) -> bool:
    """Whether somebody is known, or by role must be taken, to be an adult."""
    if person.features["stage"] == "unknown":
        return person.party.person.role not in MAY_BE_CHILDREN
    return person.features["stage"] == "adult"
