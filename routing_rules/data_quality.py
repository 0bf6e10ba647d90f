"""Data quality: what the register and an event do not agree on is a duty of MASH, never a guess."""

from collections.abc import Iterable

from routing_rules.drafted_notices import Candidate
from routing_rules.facts import Facts, PersonFacts
from routing_rules.rulebook import Rulebook
from schemas.values import Ask, Service, Urgency

RULE = "data-quality"
WHY = "What is recorded about this person is put right before the next notice goes wrong."
_UNKNOWN_SCHOOL = "the directory knows no school with this URN"


def data_quality(facts: Facts, refs: Iterable[PersonFacts], rulebook: Rulebook) -> list[Candidate]:
    """MASH's tell lines about one human: one for each field that cannot stand.

    They carry nothing of what happened: MASH must know whose record it is, and which field.
    """
    reasons: dict[str, None] = {}
    for person in refs:
        if person.conflicts or person.school_urn is not None:
            reasons |= dict.fromkeys(_reasons(facts, person, rulebook))
    if not reasons:
        return []
    mash = rulebook.mash(facts.on)
    asks = (Ask.ACKNOWLEDGE, Ask.ACT)
    return [
        Candidate(
            RULE, WHY, Service.MASH, mash, Urgency.ROUTINE, asks, because, carries_event=False
        )
        for because in reasons
    ]


def _reasons(facts: Facts, person: PersonFacts, rulebook: Rulebook) -> list[str]:
    differ = [f"the register and the event differ on the {name}" for name in person.conflicts]
    urn = person.school_urn
    if urn is not None and rulebook.directory.school(urn, facts.on) is None:
        differ.append(_UNKNOWN_SCHOOL)
    return differ
