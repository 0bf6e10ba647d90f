"""The footing of a decision: all that says who is told, and nothing of what they are told.

It is stored beside the facts, so that a replay needs neither the events nor the register to find
out whom another rulebook would have told. A decision that may withdraw what was told for a reason
that does not stand in it has none, and is replayed from its facts.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any
from uuid import UUID

from routing_rules.case import Case
from routing_rules.consent import may_not_be_shared
from routing_rules.content_parts import open_actions
from routing_rules.decision import Json
from routing_rules.facts import Facts, PersonFacts
from routing_rules.fields import FeatureValue, in_words
from routing_rules.gathering import booking_in_words, practice_in_words
from routing_rules.known import NOTHING_KNOWN
from routing_rules.onward_arrivals import CONFIRMED
from routing_rules.people import Party
from routing_rules.registered import Registered
from routing_rules.rulebook import Rulebook
from routing_rules.subjects import people_of
from schemas.events import ROUTED_MODELS, AnyEventData, MaracOutcome
from schemas.person import Person
from schemas.social_care import ConferenceInvitation
from schemas.values import EventType, PersonStatus, Role, SchoolType, Service

VERSION = 2
"""To be raised whenever features are worked out otherwise: what is older is decided from facts."""
_PLACES = ("site", "from_site", "from_district", "provider", "referred_by")
"""What of an event itself a recipient may be looked up by."""
_ROLES = {in_words(role): role for role in Role}
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


def footing_of(
    facts: Facts, stored: Mapping[str, Json], case: Case, registered: Registered, publisher: str
) -> dict[str, Json] | None:
    """What a decision of this case stands on; None if it may withdraw for another reason.

    `stored` are the facts as JSON.
    """
    if _may_withdraw(facts, case, registered):
        return None
    people = stored["people"]
    assert isinstance(people, list)  # noqa: S101 - so `Facts.as_json` writes them
    told = [
        _person(person, as_json["features"])
        for person, as_json in zip(facts.people, people, strict=True)
        if isinstance(as_json, dict) and not (person.party.guarded or person.party.told_as)
    ]
    places = {name: value for name in _PLACES if (value := getattr(facts.data, name, None))}
    refused: list[Json] = [*facts.data.do_not_tell]
    return {
        "version": VERSION,
        "on": stored["directory_on"],
        "publications": stored["publications"],
        "publisher": publisher,
        "event": stored["event"],
        "places": {**places, "do_not_tell": refused} if refused else {**places},
        "guarded": [each.party.key for each in facts.people if each.party.guarded],
        "people": [*told],
    }


def _may_withdraw(facts: Facts, case: Case, registered: Registered) -> bool:
    """Whether something may be told or withdrawn that does not follow from features and places."""
    data = facts.data
    return (
        bool(case.returns)
        or registered.ended.changes_anything
        or bool(facts.known.called)
        or facts.event.get("arrival") == CONFIRMED
        or may_not_be_shared(data)
        or any(each.status is PersonStatus.ENTERED_IN_ERROR for each in people_of(data))
        or _names_somebody(data)
    )


def _names_somebody(data: AnyEventData) -> bool:
    """Whether the event itself says who is to be told."""
    match data:
        case MaracOutcome():
            return any(open_actions(data, service) for service in Service)
        case ConferenceInvitation():
            return any(each.recipient is not None for each in data.invitees)
        case _:
            return False


def _person(person: PersonFacts, features: Json) -> dict[str, Json]:
    party = person.party
    conflicts: list[Json] = [*person.conflicts]
    said: dict[str, Json] = {
        "ref": party.person.ref,
        "key": party.key,
        "human": None if party.human == party.person.ref else party.human,
        "features": features,
        "provider": person.provider,
        "practice": person.practice,
        "district": person.district,
        "postcode": person.postcode,
        "school_urn": person.school_urn,
        "school_type": person.school_type.value,
        "has_family_nurse": person.has_family_nurse or None,
        "conflicts": conflicts or None,
    }
    return {name: value for name, value in said.items() if value is not None}


def is_common_ground(before: Rulebook, after: Rulebook) -> bool:
    """Whether what one rulebook's decisions stand on is what the other's would have stood on.

    Which teams there are is asked of the other one's directory.
    """
    return all(
        getattr(before.settings, name) == getattr(after.settings, name) for name in _SETTINGS
    ) and all(before.files.get(path) == after.files.get(path) for path in _REGISTERS)


def facts_of(
    footing: Mapping[str, Any], event_type: EventType, occurrence_id: UUID, rulebook: Rulebook
) -> Facts:
    """Facts as far as `engine.who_is_told` looks at them, for another rulebook on common ground.

    Raises `KeyError` or `ValueError` where the footing is not one of this version.
    """
    if footing["version"] != VERSION:
        raise ValueError("the footing is another release's")
    on = date.fromisoformat(footing["on"])
    publications = tuple(map(datetime.fromisoformat, footing["publications"]))
    return Facts(
        type=event_type,
        data=_data(event_type, footing["places"]),
        event=features_of(footing["event"]),
        people=tuple(_people(footing["people"], on, rulebook)),
        occurred_at=publications[0],
        published_at=publications[0],
        publications=publications,
        on=on,
        occurrence_id=occurrence_id,
        known=NOTHING_KNOWN,
        sender=rulebook.settings.organisation_of(footing["publisher"]),
    )


def features_of(stored: Mapping[str, Any]) -> dict[str, FeatureValue]:
    """Features as rules test them, from how they are stored."""
    return {
        name: frozenset(value) if isinstance(value, list) else value
        for name, value in stored.items()
    }


def _data(event_type: EventType, places: Mapping[str, Any]) -> AnyEventData:
    """An event that says nothing but where to look up a recipient."""
    refused = tuple(places.get("do_not_tell", ()))
    named = tuple((name, places[name]) for name in _PLACES if name in places)
    return _data_saying(event_type, named, refused)


@lru_cache(maxsize=4096)
def _data_saying(
    event_type: EventType, places: tuple[tuple[str, str], ...], refused: tuple[str, ...]
) -> AnyEventData:
    said: dict[str, Any] = {**dict(places), "do_not_tell": refused}
    return ROUTED_MODELS[event_type].model_construct(**said)


@cache
def _anybody(role: str) -> Person:
    return Person.model_construct(ref="", role=_ROLES[role])


def _people(stored: list[Mapping[str, Any]], on: date, rulebook: Rulebook) -> Iterator[PersonFacts]:
    directory = rulebook.directory
    for each in stored:
        features = features_of(each["features"])
        provider, practice = each.get("provider"), each.get("practice")
        features["booking"] = booking_in_words(directory, provider, on)
        features["practice"] = practice_in_words(directory, practice, on)
        person = _anybody(each["features"]["role"]).model_copy(update={"ref": each["ref"]})
        yield PersonFacts(
            party=Party(person, each["key"], each.get("human", each["ref"]), frozenset()),
            features=features,
            provider=provider,
            practice=practice,
            district=each.get("district"),
            school_urn=each.get("school_urn"),
            school_type=SchoolType(each["school_type"]),
            conflicts=tuple(each.get("conflicts", ())),
            has_family_nurse=each.get("has_family_nurse", False),
            postcode=each.get("postcode"),
        )
