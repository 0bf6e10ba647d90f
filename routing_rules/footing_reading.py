"""Reading a footing: the facts that a decision stood on, as far as they say who is told.

What rules test, and the places by which recipients are looked up, are parsed only where they have
not been met before: of a county's people many are alike.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from routing_rules.facts import Facts, PersonFacts
from routing_rules.fields import FeatureValue, in_words
from routing_rules.footing import PLACES, VERSION
from routing_rules.gathering import booking_in_words, practice_in_words
from routing_rules.known import NOTHING_KNOWN, Firing
from routing_rules.people import Party
from routing_rules.rulebook import Rulebook
from routing_rules.vocabulary import Features
from schemas.events import ROUTED_MODELS, Action, AnyEventData
from schemas.person import Person
from schemas.social_care import Invitee
from schemas.values import ActionStatus, EventType, InvitationAnswer, Role, SchoolType

_ROLES = {in_words(role): role for role in Role}
_MET = 65_536
"""Of how many features and places is remembered what they say."""
_ANOTHER = UUID(int=0)


class FootedPerson(msgspec.Struct, frozen=True, gc=False):
    """One ref: who it is about, and as JSON the features and the places of that person.

    `fired` are rules that fire once in a while, and when they did for this person before.
    """

    ref: str
    key: str
    features: msgspec.Raw
    places: msgspec.Raw
    human: str | None = None
    fired: tuple[tuple[str, datetime], ...] = ()


class Earlier(msgspec.Struct, frozen=True, gc=False):
    """What a case would have stood on at one of its events, as far as that is not the same."""

    occurred_at: datetime
    publications: tuple[datetime, ...]
    event: msgspec.Raw
    places: msgspec.Raw
    actions: tuple[tuple[str, str | None], ...]
    invited: tuple[tuple[str | None, str, InvitationAnswer], ...]
    people: tuple[FootedPerson, ...]


class Footing(msgspec.Struct, frozen=True, gc=False):
    """What `footing.footing_of` wrote; `event` and `places` are JSON still."""

    version: int
    on: date
    occurred_at: datetime
    publications: tuple[datetime, ...]
    publisher: str
    event: msgspec.Raw
    places: msgspec.Raw
    actions: tuple[tuple[str, str | None], ...]
    invited: tuple[tuple[str | None, str, InvitationAnswer], ...]
    takes_back: bool
    guarded: tuple[str, ...]
    people: tuple[FootedPerson, ...]
    rests_on_more: bool = False
    earlier: tuple[Earlier, ...] = ()
    lost: tuple[str, ...] = ()
    unended: tuple[Earlier, ...] = ()


_READ = msgspec.json.Decoder(Footing)


def read_footing(text: str | bytes) -> Footing | None:
    """A stored footing; None where another release wrote it."""
    try:
        footing = _READ.decode(text)
    except msgspec.MsgspecError:
        return None
    return footing if footing.version == VERSION else None


def before_each_event(footing: Footing) -> Iterator[Footing]:
    """What a case would have stood on before each event but the first, where that is not within it.

    Only of a decision that was made because something was learned later.
    """
    return (_as_of(footing, each) for each in footing.earlier)


def as_if_unended(footing: Footing) -> Iterator[Footing]:
    """What a case would have stood on after each event, had no pregnancy in it come to its end."""
    return (_as_of(footing, each) for each in footing.unended)


def _as_of(footing: Footing, other: Earlier) -> Footing:
    return msgspec.structs.replace(
        footing,
        occurred_at=other.occurred_at,
        publications=other.publications,
        event=other.event,
        places=other.places,
        actions=other.actions,
        invited=other.invited,
        people=other.people,
        earlier=(),
        unended=(),
    )


class Places(NamedTuple):
    """Where one person is looked after, as `PersonFacts` has it."""

    provider: str | None
    practice: str | None
    district: str | None
    postcode: str | None
    school_urn: str | None
    school_type: SchoolType
    has_family_nurse: bool
    conflicts: tuple[str, ...]


@lru_cache(maxsize=_MET)
def features_in(text: bytes) -> Features:
    """Features as rules test them, from JSON."""
    return features_of(msgspec.json.decode(text))


def features_of(stored: Mapping[str, Any]) -> dict[str, FeatureValue]:
    """Features as rules test them, from how they are stored."""
    return {
        name: frozenset(value) if isinstance(value, list) else value
        for name, value in stored.items()
    }


@lru_cache(maxsize=_MET)
def places_in(text: bytes) -> Places:
    """A person's places, from JSON. Raises `KeyError` or `ValueError` where they are none."""
    said = msgspec.json.decode(text)
    return Places(
        provider=said.get("provider"),
        practice=said.get("practice"),
        district=said.get("district"),
        postcode=said.get("postcode"),
        school_urn=said.get("school_urn"),
        school_type=SchoolType(said["school_type"]),
        has_family_nurse=said.get("has_family_nurse", False),
        conflicts=tuple(said.get("conflicts", ())),
    )


def facts_of(
    footing: Footing,
    people: Iterable[FootedPerson],
    event_type: EventType,
    occurrence_id: UUID,
    rulebook: Rulebook,
) -> Facts:
    """Facts as far as `engine.who_is_told` looks at them, for another rulebook on common ground.

    Of those people only. Raises `KeyError` or `ValueError` where something in it does not fit.
    """
    return Facts(
        type=event_type,
        data=_data_saying(event_type, bytes(footing.places), footing.actions, footing.invited),
        event=features_in(bytes(footing.event)),
        people=tuple(_people(people, footing.on, rulebook)),
        occurred_at=footing.occurred_at,
        published_at=footing.publications[0],
        publications=footing.publications,
        on=footing.on,
        occurrence_id=occurrence_id,
        known=NOTHING_KNOWN,
        sender=rulebook.settings.organisation_of(footing.publisher),
    )


@lru_cache(maxsize=4096)
def _data_saying(
    event_type: EventType,
    places: bytes,
    actions: Sequence[tuple[str, str | None]],
    invited: Sequence[tuple[str | None, str, InvitationAnswer]],
) -> AnyEventData:
    """An event that says nothing but where to look up a recipient."""
    stored = msgspec.json.decode(places)
    said: dict[str, Any] = {name: stored[name] for name in PLACES if name in stored}
    said["do_not_tell"] = tuple(stored.get("do_not_tell", ()))
    if actions:
        said["actions"] = tuple(
            Action.model_construct(
                id="", service=service, organisation=owner, status=ActionStatus.OPEN
            )
            for service, owner in actions
        )
    if invited:
        said["invitees"] = tuple(
            Invitee.model_construct(service=service, recipient=recipient, answer=answer)
            for service, recipient, answer in invited
        )
    return ROUTED_MODELS[event_type].model_construct(**said)


@cache
def _anybody(role: str) -> Person:
    return Person.model_construct(ref="", role=_ROLES[role])


def _people(people: Iterable[FootedPerson], on: date, rulebook: Rulebook) -> Iterator[PersonFacts]:
    for each in people:
        features, places = features_in(bytes(each.features)), places_in(bytes(each.places))
        person = _anybody(str(features["role"])).model_copy(update={"ref": each.ref})
        yield PersonFacts(
            party=Party(person, each.key, each.human or each.ref, frozenset()),
            features={**features, **where_in_words(places, on, rulebook)},
            provider=places.provider,
            practice=places.practice,
            district=places.district,
            school_urn=places.school_urn,
            school_type=places.school_type,
            conflicts=places.conflicts,
            has_family_nurse=places.has_family_nurse,
            postcode=places.postcode,
            fired=tuple(firings_of(each)),
        )


def firings_of(person: FootedPerson) -> Iterator[Firing]:
    """What rules that fire once in a while did for this person before, in other occurrences."""
    return (Firing(rule, "", at, _ANOTHER) for rule, at in person.fired)


def where_in_words(places: Places, on: date, rulebook: Rulebook) -> dict[str, str]:
    """The features that the directory gives: another one may list what the first did not."""
    return {
        "booking": booking_in_words(rulebook.directory, places.provider, on),
        "practice": practice_in_words(rulebook.directory, places.practice, on),
    }
