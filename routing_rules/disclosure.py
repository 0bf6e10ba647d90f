"""Disclosure: an allow-list per kind of event and audience; what is not on it is not sent.

The table is data of the rulebook (`disclosure.yaml`), made from the minimum-data matrix
(domain facts 1.9). An audience is a service, or a practice about a child or an unborn child.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from routing_rules.source_text import (
    Entries,
    Items,
    Node,
    Problems,
    Scalar,
    did_you_mean,
    read_yaml,
)
from routing_rules.vocabulary import SERVICE_WORDS, Vocabulary
from schemas.values import EventType, Service


class Part(StrEnum):
    """Parts of a notification's content that a table may allow."""

    ADDRESS = "address"
    DUE_DATE = "due date"
    RISK = "risk"
    INCIDENT_TYPES = "incident types"
    POLICE_REFERENCE = "police reference"
    INCIDENT_LOCATION = "incident location"
    HEADLINE = "headline"
    SUMMARY = "summary"
    NARRATIVE = "narrative"
    OTHER_ADULTS_BY_NAME = "other adults by name"
    OTHER_ADULTS_BY_ROLE = "other adults by role"
    ATTENDANCE = "attendance"
    CLINICAL_DETAIL = "clinical detail"
    SELF_HARM_DETAIL = "self-harm detail"
    SEXUAL_HEALTH = "sexual health"
    CATEGORY_OF_CONCERN = "category of concern"
    RISK_SUMMARY = "risk summary"
    FLAG_DATES = "flag dates"
    OWN_ACTIONS = "own actions"
    ALL_HEALTH_ACTIONS = "all health actions"
    ONWARD_REFERRAL = "onward referral"
    CONCERNS = "concerns"
    FGM = "fgm"
    BOOKING = "booking"
    APPOINTMENT = "appointment"
    BIRTH = "birth"
    ENDING = "ending"
    TRANSFER = "transfer"
    SAFEGUARDING_FIELDS = "safeguarding fields"
    PLAN = "plan"
    PLAN_CATEGORIES = "plan categories"
    CONFERENCE = "conference"
    INVITEES = "invitees"
    REFERRAL = "referral"
    ANALYSIS_OF_RISK = "analysis of risk"
    EXPLOITATION = "exploitation"
    RELAPSE_PLAN = "relapse plan"
    RELAPSE_INDICATORS = "relapse indicators"
    CONTACT = "contact"
    HEALTH_ASSESSMENT = "health assessment"


CHILD_AT_PRACTICE = "gp about a child"
"""The audience of a practice's notice about a child: not its notice about a victim."""


@dataclass(frozen=True, slots=True)
class Disclosure:
    """What each audience may see of each kind of event."""

    allowed: Mapping[tuple[EventType, str], frozenset[Part]]

    def parts(self, event: EventType, service: Service, *, about_child: bool) -> frozenset[Part]:
        """The parts this audience may see; an audience that is not listed sees none."""
        if service is Service.GP and about_child:
            return self.allowed.get((event, CHILD_AT_PRACTICE), frozenset())
        return self.allowed.get((event, service.value.replace("-", " ")), frozenset())


def load_disclosure(file: str, text: str, vocabulary: Vocabulary, problems: Problems) -> Disclosure:
    """Read the table: `<kind of event>: {<audience>: [<part>, ...]}`."""
    root = read_yaml(file, text, problems)
    allowed: dict[tuple[EventType, str], frozenset[Part]] = {}
    if not isinstance(root, Entries):
        if root is not None:
            problems.add(root.position, "a disclosure table names kinds of events")
        return Disclosure(allowed)
    for name, table in root.entries:
        kind = vocabulary.get(name.text)
        if kind is None:
            _not_one_of(name, "kind of event", vocabulary, problems)
        elif not isinstance(table, Entries):
            problems.add(table.position, "a list of audiences is expected here")
        else:
            for audience, parts in table.entries:
                if audience.text not in (*SERVICE_WORDS, CHILD_AT_PRACTICE):
                    _not_one_of(audience, "audience", SERVICE_WORDS, problems)
                allowed[kind.type, audience.text] = _read_parts(parts, problems)
    return Disclosure(allowed)


def _read_parts(node: Node, problems: Problems) -> frozenset[Part]:
    if not isinstance(node, Items):
        problems.add(node.position, "a list of parts is expected here")
        return frozenset()
    known = {part.value: part for part in Part}
    parts = set()
    for item in node.items:
        if isinstance(item, Scalar) and item.text in known:
            parts.add(known[item.text])
        elif isinstance(item, Scalar):
            _not_one_of(item, "part of a notification", known, problems)
        else:
            problems.add(item.position, "the name of a part is expected here")
    return frozenset(parts)


def _not_one_of(word: Scalar, what: str, allowed: Mapping[str, object], problems: Problems) -> None:
    hint = did_you_mean(word.text, allowed)
    problems.add(
        word.position, f"'{word.text}' is not a {what}; allowed: {', '.join(allowed)}{hint}"
    )
