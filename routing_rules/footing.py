"""The footing of a decision: all that says who is told, and nothing of what they are told.

It is stored beside the facts, so that a replay needs neither the events nor the register to find
out whom another rulebook would have told. Where somebody is told for a reason that would not stand
in it, a decision has none, and is replayed from its facts; and so is one that takes something back
for such a reason.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from routing_rules.case import Case
from routing_rules.consent import may_not_be_shared
from routing_rules.content_parts import open_actions
from routing_rules.decision import Json
from routing_rules.facts import Facts, PersonFacts, features_as_json
from routing_rules.onward_arrivals import CONFIRMED
from routing_rules.registered import Registered
from routing_rules.rulebook import Rulebook
from routing_rules.subjects import people_of
from schemas.events import AnyEventData, MaracOutcome
from schemas.social_care import ConferenceInvitation
from schemas.values import PersonStatus, Service

VERSION = 4
"""To be raised whenever features are worked out otherwise: what is older is decided from facts."""
PLACES = ("site", "from_site", "from_district", "provider", "referred_by")
"""What of an event itself a recipient may be looked up by."""
_SETTINGS = (
    "county",
    "neighbours",
    "departure_overdue_after",
    "onward_arrival",
    "pregnancy_active_after_due_date",
    "frequent_attendance",
    "start_of_school",
)
"""The settings by which features are worked out."""
_REGISTERS = ("directory/schools.csv", "directory/practices.csv")
"""What of the directory says where somebody lives and which kind of school theirs is."""


@dataclass(frozen=True, slots=True)
class Founded:
    """What else a decision of a case rests on; `publisher` is that of the event it was made for.

    `earlier`: where more was learned of a case, the facts before each event but the first.
    `unended`: where a pregnancy ended, the facts after each event as if it had not.
    `keys` are those of everybody, by ref.
    """

    case: Case
    registered: Registered
    keys: Mapping[str, str]
    earlier: tuple[Facts, ...]
    unended: tuple[Facts, ...]
    publisher: str


def footing_of(
    facts: Facts, stored: Mapping[str, Json], founded: Founded
) -> dict[str, Json] | None:
    """What a decision stands on; None if it tells somebody for another reason.

    `stored` are the facts as JSON. What an earlier event alone would lead to stays told, and what
    was owed of a pregnancy that ended does not: so what they stand on is in it as well, where it is
    something else.
    """
    every = (facts, *founded.earlier, *founded.unended)
    if founded.case.returns or any(map(_names_somebody, every)):
        return None
    people = stored["people"]
    assert isinstance(people, list)  # noqa: S101 - so `Facts.as_json` writes them
    features = [each["features"] for each in people if isinstance(each, dict)]
    ended = founded.registered.ended
    said = _said(facts, stored["event"], features)
    if ended.is_moot:
        said = {**said, "people": []}
    others: dict[str, Json] = {
        "rests_on_more": _rests_on_more(facts),
        "earlier": _but_for(said, founded.earlier),
        "lost": [founded.keys[ref] for ref in sorted(ended.lost)],
        "unended": _but_for(said, founded.unended),
    }
    return {
        **said,
        "version": VERSION,
        "on": stored["directory_on"],
        "publisher": founded.publisher,
        "takes_back": _takes_back(facts) or ended.is_moot,
        "guarded": [each.party.key for each in facts.people if each.party.guarded],
        **{name: value for name, value in others.items() if value},
    }


def _but_for(said: Mapping[str, Json], others: Iterable[Facts]) -> list[Json]:
    """What else is said, where it may tell somebody whom `said` does not."""
    return [each for each in map(_said_of, others) if not _is_within(each, said)]


def _said_of(facts: Facts) -> dict[str, Json]:
    features = [features_as_json(person.features) for person in facts.people]
    return _said(facts, features_as_json(facts.event), features)


def _said(facts: Facts, event: Json, features: Iterable[Json]) -> dict[str, Json]:
    """What rules test, and by what recipients are looked up."""
    places = {name: value for name in PLACES if (value := getattr(facts.data, name, None))}
    refused: list[Json] = [*facts.data.do_not_tell]
    return {
        "occurred_at": facts.occurred_at.isoformat(),
        "publications": [at.isoformat() for at in facts.publications],
        "event": event,
        "places": {**places, "do_not_tell": refused} if refused else {**places},
        "actions": _actions(facts.data),
        "invited": _invited(facts.data),
        "people": [
            _person(person, as_json, _fired(person, facts))
            for person, as_json in zip(facts.people, features, strict=True)
            if not (person.party.guarded or person.party.told_as)
        ],
    }


def _is_within(earlier: Mapping[str, Json], said: Mapping[str, Json]) -> bool:
    """Whether whoever is told by what was said earlier is told by what is said now."""
    then, now = earlier["publications"], said["publications"]
    assert isinstance(then, list)  # noqa: S101 - so `_said` writes them
    assert isinstance(now, list)  # noqa: S101
    return {**earlier, "publications": now} == said and all(each in now for each in then)


def _rests_on_more(facts: Facts) -> bool:
    """Whether something may be withdrawn that follows neither from features nor from places."""
    return bool(facts.known.called) or any(
        each.status is PersonStatus.ENTERED_IN_ERROR for each in people_of(facts.data)
    )


def _names_somebody(facts: Facts) -> bool:
    """Whether an invitation says who is to be told of people of whom the footing is silent."""
    return bool(_invited(facts.data)) and any(each.party.told_as for each in facts.people)


def _invited(data: AnyEventData) -> list[Json]:
    """Whom an invitation names by their recipient: service, recipient and answer."""
    if not isinstance(data, ConferenceInvitation):
        return []
    return [
        [each.service, each.recipient, each.answer.value]
        for each in data.invitees
        if each.recipient is not None
    ]


def _actions(data: AnyEventData) -> list[Json]:
    """Whose the open actions of a conference are: service and organisation."""
    if not isinstance(data, MaracOutcome):
        return []
    return [
        [service.value, action.organisation]
        for service in Service
        for action in open_actions(data, service)
    ]


def _takes_back(facts: Facts) -> bool:
    """Whether all that is not owed is withdrawn: somebody arrived, or may not be told."""
    return facts.event.get("arrival") == CONFIRMED or may_not_be_shared(facts.data)


def _person(person: PersonFacts, features: Json, fired: list[Json]) -> dict[str, Json]:
    party = person.party
    conflicts: list[Json] = [*person.conflicts]
    places: dict[str, Json] = {
        "provider": person.provider,
        "practice": person.practice,
        "district": person.district,
        "postcode": person.postcode,
        "school_urn": person.school_urn,
        "school_type": person.school_type.value,
        "has_family_nurse": person.has_family_nurse or None,
        "conflicts": conflicts or None,
    }
    said: dict[str, Json] = {
        "ref": party.person.ref,
        "key": party.key,
        "human": None if party.human == party.person.ref else party.human,
        "features": features,
        "places": {name: value for name, value in places.items() if value is not None},
        "fired": fired or None,
    }
    return {name: value for name, value in said.items() if value is not None}


def _fired(person: PersonFacts, facts: Facts) -> list[Json]:
    """What rules that fire once in a while told of somebody before, in other occurrences."""
    return [
        [each.rule, each.occurred_at.isoformat()]
        for each in person.fired
        if each.occurrence_id != facts.occurrence_id and each.occurred_at <= facts.occurred_at
    ]


def is_common_ground(before: Rulebook, after: Rulebook) -> bool:
    """Whether what one rulebook's decisions stand on is what the other's would have stood on.

    Which teams there are is asked of the other one's directory.
    """
    return all(
        getattr(before.settings, name) == getattr(after.settings, name) for name in _SETTINGS
    ) and all(before.files.get(path) == after.files.get(path) for path in _REGISTERS)
