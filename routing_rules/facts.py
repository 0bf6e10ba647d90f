"""Facts: what is known about an occurrence's people when it is routed, in the words of rules.

Facts about people are as at the occurrence; the directory is as at routing. Everything that a
decision rests on stands here, so that it can be stored and replayed.
"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from routing_rules.decision import Json
from routing_rules.known import Firing, Known
from routing_rules.people import Party
from routing_rules.returns import Return
from routing_rules.vocabulary import Features
from schemas.events import AnyEventData
from schemas.values import EventType, SchoolType


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """One person as rules and the directory see them.

    `provider`, `practice`, `district` and `school_urn` say where a recipient is looked up, and
    `has_family_nurse` whether that nurse visits instead of a health visitor.
    `parents` are those through whom the register knows this child, `conflicts` the fields on
    which the register and the event differ. `fired` are the firings known of them, of rules that
    fire once in a while.
    """

    party: Party
    features: Features
    provider: str | None
    practice: str | None
    district: str | None
    school_urn: str | None
    school_type: SchoolType
    parents: tuple[Party, ...] = ()
    conflicts: tuple[str, ...] = ()
    has_family_nurse: bool = False
    postcode: str | None = None
    fired: tuple[Firing, ...] = ()

    @property
    def is_known_through_accused(self) -> bool:
        """Whether only those who are accused lead to this child: nothing leads to the victim."""
        return bool(self.parents) and all(parent.is_accused_only for parent in self.parents)


@dataclass(frozen=True, slots=True)
class Facts:
    """What one occurrence's routing rests on. `on` is the directory's day.

    `publications` says when each event of the occurrence was published, `published_at` when the
    one that is being routed was; of an arrival that is overdue both say since when it is, which is
    when its clocks start. `known` is all that the register and the history told. `returns` are what
    recipients said was not theirs, in the order in which they said so. `sender` is the organisation
    of the event's source.
    """

    type: EventType
    data: AnyEventData
    event: Features
    people: tuple[PersonFacts, ...]
    occurred_at: datetime
    published_at: datetime
    publications: tuple[datetime, ...]
    on: date
    occurrence_id: UUID
    known: Known
    returns: tuple[Return, ...] = ()
    sender: str | None = None

    def as_json(self) -> dict[str, Json]:
        """The facts as they are stored: features, look-up values, and all that was known."""
        returned: Json = [_return_as_json(each) for each in self.returns]
        return {
            "event": features_as_json(self.event),
            "occurred_at": self.occurred_at.isoformat(),
            "published_at": self.published_at.isoformat(),
            "publications": [at.isoformat() for at in self.publications],
            "directory_on": self.on.isoformat(),
            "people": [_person_as_json(person) for person in self.people],
            "known": self.known.as_json() if self.known != Known.empty() else None,
            **({"returns": returned} if returned else {}),
        }


def features_as_json(features: Features) -> dict[str, Json]:
    """Features as they are stored."""
    return {
        name: [*sorted(value)] if isinstance(value, frozenset) else value
        for name, value in features.items()
    }


def _return_as_json(returned: Return) -> Json:
    return {
        "person_key": returned.person_key,
        "service": returned.service.value,
        "recipient": returned.recipient,
        "to_recipient": returned.to_recipient,
        "is_by_hand": returned.is_by_hand,
        "at": returned.at.isoformat(),
    }


def _person_as_json(person: PersonFacts) -> Json:
    return {
        "ref": person.party.person.ref,
        "key": person.party.key,
        "guarded": person.party.guarded,
        "told_as": person.party.told_as,
        "features": features_as_json(person.features),
        "provider": person.provider,
        "practice": person.practice,
        "district": person.district,
        "school_urn": person.school_urn,
        "school_type": person.school_type.value,
        "has_family_nurse": person.has_family_nurse,
    }
