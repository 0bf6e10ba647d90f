"""Facts: what is known about an occurrence's people when it is routed, in the words of rules.

Facts about people are as at the occurrence; the directory is as at routing. Everything that a
decision rests on stands here, so that it can be stored and replayed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from routing_rules.ages import age_at, school_stage
from routing_rules.decision import Json
from routing_rules.directory import Directory, Team
from routing_rules.event_features import event_features, yes_no
from routing_rules.people import Party, parties_of
from routing_rules.rulebook import Rulebook
from routing_rules.settings import RulebookSettings
from routing_rules.vocabulary import Features, FeatureValue, in_words
from routing_rules.working_time import LONDON
from schemas.events import AnyEventData
from schemas.person import Person
from schemas.values import EventType, Role, SchoolType, Service


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """One person as rules and the directory see them.

    `provider`, `practice`, `district` and `school_urn` say where a recipient is looked up.
    """

    party: Party
    features: Features
    provider: str | None
    practice: str | None
    district: str | None
    school_urn: str | None
    school_type: SchoolType


@dataclass(frozen=True, slots=True)
class Facts:
    """What one occurrence's routing rests on. `on` is the directory's day.

    `publications` says when each event of the occurrence was published, `published_at` when the
    one that is being routed was.
    """

    type: EventType
    data: AnyEventData
    event: Features
    people: tuple[PersonFacts, ...]
    occurred_at: datetime
    published_at: datetime
    publications: tuple[datetime, ...]
    on: date

    def as_json(self) -> dict[str, Json]:
        """The facts as they are stored: features and look-up values, no names or addresses."""
        return {
            "event": _features_as_json(self.event),
            "occurred_at": self.occurred_at.isoformat(),
            "published_at": self.published_at.isoformat(),
            "publications": [at.isoformat() for at in self.publications],
            "directory_on": self.on.isoformat(),
            "people": [_person_as_json(person) for person in self.people],
        }


@dataclass(frozen=True, slots=True)
class Times:
    """When it happened, when it was published, and when it is routed; all aware.

    `publications` are those of all events of the occurrence.
    """

    occurred_at: datetime
    published_at: datetime
    routed_at: datetime
    publications: tuple[datetime, ...]


def gather(
    event_type: EventType,
    data: AnyEventData,
    rulebook: Rulebook,
    *,
    keys: Mapping[str, str],
    times: Times,
) -> Facts:
    """Gather the facts about one occurrence. `keys` are the fixed keys of its people by ref."""
    gathering = _Gathering(
        occurred_on=times.occurred_at.astimezone(LONDON).date(),
        on=times.routed_at.astimezone(LONDON).date(),
        directory=rulebook.directory,
        settings=rulebook.settings,
    )
    overdue_after = rulebook.settings.departure_overdue_after
    return Facts(
        type=event_type,
        data=data,
        event=event_features(data, at=times.routed_at, overdue_after=overdue_after),
        people=tuple(
            gathering.person(party) for party in parties_of(data, keys, gathering.occurred_on)
        ),
        occurred_at=times.occurred_at,
        published_at=times.published_at,
        publications=tuple(sorted(set(times.publications))),
        on=gathering.on,
    )


@dataclass(frozen=True, slots=True)
class _Gathering:
    occurred_on: date
    on: date
    directory: Directory
    settings: RulebookSettings

    def person(self, party: Party) -> PersonFacts:
        """One person's facts; an unborn child is where its mother is."""
        person, where = party.person, party.mother or party.person
        urn, school_type = self._school(person)
        practice = where.gp_practice
        district = self._district(where, practice)
        return PersonFacts(
            party=party,
            features=self._features(party, district, school_type),
            provider=where.maternity_provider,
            practice=practice,
            district=district,
            school_urn=urn,
            school_type=school_type,
        )

    def _features(
        self, party: Party, district: str | None, school_type: SchoolType
    ) -> dict[str, FeatureValue]:
        person, where = party.person, party.mother or party.person
        unborn = person.role is Role.UNBORN
        return {
            "role": in_words(person.role),
            "also victim": "yes" if Role.VICTIM in party.roles else "no",
            "also alleged perpetrator": (
                "yes" if Role.ALLEGED_PERPETRATOR in party.roles else "no"
            ),
            "age": None if unborn else self._age(person),
            "stage": "unborn" if unborn else self._stage(person),
            "pregnant": in_words(person.pregnant),
            "sex": in_words(person.sex),
            "home": self._home(district),
            "district": self._district_name(district),
            "booking": self._booking(where),
            "practice": self._practice(where.gp_practice),
            "school type": in_words(school_type),
            "address restricted": yes_no(person.address_restricted),
        }

    def _age(self, person: Person) -> int | None:
        return age_at(person.date_of_birth, self.occurred_on)

    def _stage(self, person: Person) -> str:
        return school_stage(person.date_of_birth, self.occurred_on, self.settings)

    def _school(self, person: Person) -> tuple[str | None, SchoolType]:
        if person.school is None:
            return None, SchoolType.UNKNOWN
        urn = person.school.urn
        listed = self.directory.school(urn, self.on) if urn else None
        return urn, listed.type if listed else person.school.type

    def _district(self, person: Person, practice: str | None) -> str | None:
        """The home district: of the address, else of the practice."""
        if person.address and person.address.district:
            return person.address.district
        return self.directory.district_of_practice(practice, self.on)

    def _home(self, district: str | None) -> str:
        if district is None:
            return "unknown"
        return "in the county" if district in self.settings.county else "elsewhere"

    def _district_name(self, district: str | None) -> str:
        if district is None:
            return "unknown"
        return self.settings.districts.get(district, "elsewhere")

    def _booking(self, person: Person) -> str:
        if person.maternity_provider is None:
            return "none"
        team = self.directory.team_of_organisation(
            Service.MIDWIFERY, person.maternity_provider, self.on
        )
        return "with a listed provider" if isinstance(team, Team) else "elsewhere"

    def _practice(self, practice: str | None) -> str:
        if practice is None:
            return "unknown"
        team = self.directory.practice(practice, self.on)
        return "listed" if isinstance(team, Team) else "elsewhere"


def _features_as_json(features: Features) -> dict[str, Json]:
    return {
        name: [*sorted(value)] if isinstance(value, frozenset) else value
        for name, value in features.items()
    }


def _person_as_json(person: PersonFacts) -> Json:
    return {
        "ref": person.party.person.ref,
        "key": person.party.key,
        "guarded": person.party.guarded,
        "told_as": person.party.told_as,
        "features": _features_as_json(person.features),
        "provider": person.provider,
        "practice": person.practice,
        "district": person.district,
        "school_urn": person.school_urn,
        "school_type": person.school_type.value,
    }
