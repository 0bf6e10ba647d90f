"""Gathering the facts about one occurrence: of its events, the register, and the directory."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from routing_rules.ages import age_at, school_stage
from routing_rules.directory import Directory, Team
from routing_rules.event_features import event_features
from routing_rules.facts import Facts, PersonFacts
from routing_rules.fields import FeatureValue, in_words, yes_no
from routing_rules.humans import usable_nhs_number
from routing_rules.known import Known
from routing_rules.onward_arrivals import wait_for_arrival
from routing_rules.pathway_features import own_features
from routing_rules.people import Party, parties_of
from routing_rules.register_history import attendances_within
from routing_rules.register_people import active_flags, uncertain_flags
from routing_rules.registered import Registered
from routing_rules.returns import Return
from routing_rules.rulebook import Rulebook
from routing_rules.settings import RulebookSettings
from routing_rules.unborn_plans import has_unborn_plan
from routing_rules.vocabulary import attendances_in
from routing_rules.working_time import LONDON
from schemas.onward_referral import OnwardReferral
from schemas.person import Address, Person
from schemas.registration import FlagKind
from schemas.values import EventType, Role, SchoolType, Service

_NONE: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Times:
    """When it happened, when it was published, and when it is routed; all aware.

    `publications` are those of all events of the occurrence.
    """

    occurred_at: datetime
    published_at: datetime
    routed_at: datetime
    publications: tuple[datetime, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """An occurrence as its events and the register tell it, and what was returned of it.

    `keys` are fixed, by ref. `publisher` is the last part of the source.
    """

    type: EventType
    occurrence_id: UUID
    registered: Registered
    keys: Mapping[str, str]
    known: Known
    returns: tuple[Return, ...] = ()
    publisher: str = ""


def gather(told: Told, rulebook: Rulebook, times: Times) -> Facts:
    """Gather the facts about one occurrence."""
    gathering = _Gathering(
        told=told,
        occurred_at=times.occurred_at,
        occurred_on=times.occurred_at.astimezone(LONDON).date(),
        told_on=max(times.publications).astimezone(LONDON).date(),
        on=times.routed_at.astimezone(LONDON).date(),
        directory=rulebook.directory,
        settings=rulebook.settings,
        windows={attendances_in(w.days): w.days for w in rulebook.settings.frequent_attendance},
    )
    overdue_after = rulebook.settings.departure_overdue_after
    data = told.registered.data
    everybody = parties_of(data, told.keys, gathering.occurred_on)
    lost = told.registered.ended.lost
    parties = tuple(party for party in everybody if party.person.ref not in lost)
    features = event_features(data, at=times.routed_at, overdue_after=overdue_after)
    published_at, publications = times.published_at, times.publications
    if isinstance(data, OnwardReferral):
        wait = wait_for_arrival(data, times.occurred_at, told.known, rulebook.settings)
        state = wait.state(times.routed_at)
        features = {**features, "arrival": state}
        published_at, publications = wait.clocks(state, published_at, publications)
    return Facts(
        type=told.type,
        data=data,
        event=features,
        people=tuple(gathering.person(party, parties) for party in parties),
        occurred_at=times.occurred_at,
        published_at=published_at,
        publications=tuple(sorted(set(publications))),
        on=gathering.on,
        occurrence_id=told.occurrence_id,
        known=told.known,
        returns=told.returns,
        sender=rulebook.settings.organisation_of(told.publisher),
    )


@dataclass(frozen=True, slots=True)
class _Gathering:
    told: Told
    occurred_at: datetime
    occurred_on: date
    told_on: date
    on: date
    directory: Directory
    settings: RulebookSettings
    windows: Mapping[str, int]

    def person(self, party: Party, parties: Sequence[Party]) -> PersonFacts:
        """One person's facts; an unborn child is where its mother is."""
        person, where = party.person, party.mother or party.person
        refs = self.told.registered.parents.get(person.ref, ())
        parents = tuple(each for each in parties if each.person.ref in refs)
        urn, school_type = self._school(person)
        practice = where.gp_practice
        district = self._district(where, practice)
        return PersonFacts(
            party=party,
            features={
                **self._features(party, district, school_type),
                **self._known_features(party, parents),
                **own_features(self.told.type, party.person),
            },
            provider=where.maternity_provider,
            practice=practice,
            district=district,
            school_urn=urn,
            school_type=school_type,
            parents=parents,
            conflicts=self.told.registered.conflicts.get(person.ref, ()),
            has_family_nurse=self._has_family_nurse(where),
            postcode=address.postcode if (address := self._address(where)) else None,
            fired=self.told.known.firings.get(usable_nhs_number(person) or "", ()),
        )

    def _has_family_nurse(self, person: Person) -> bool:
        """Whether the register says so; where it does not, the health visitor is told."""
        registered = self.told.registered.matched.get(person.ref)
        return registered is not None and registered.family_nurse is True

    def _known_features(self, party: Party, parents: Sequence[Party]) -> dict[str, FeatureValue]:
        """What the register and the history add; a flag that may be set counts as set."""
        registered = self.told.registered.matched.get(party.person.ref)
        flags = _NONE
        if registered is not None:
            set_ = active_flags(registered, self.occurred_at)
            maybe = uncertain_flags(registered, self.occurred_at)
            flags = frozenset(map(in_words, set_ | maybe))
        number = usable_nhs_number(party.person)
        if number and has_unborn_plan(self.told.known, number, self.occurred_at):
            flags |= {in_words(FlagKind.UNBORN_PLAN)}
        return {
            "parent's role": _roles_of(parents) if parents else _NONE,
            "flags": flags,
            **self._attendances(party),
        }

    def _attendances(self, party: Party) -> dict[str, int | None]:
        """How often this person attended; None where nobody can tell who it is.

        Of a child whom only the register knows it is not known: nobody has looked that up.
        """
        number, known = usable_nhs_number(party.person), self.told.known
        if number is None or party.person.role is Role.CHILD_KNOWN_TO_REGISTER:
            return dict.fromkeys(self.windows)
        if number not in known.attendances:
            return dict.fromkeys(self.windows, 0)
        return {
            name: attendances_within(known, number, self.occurred_at, days)
            for name, days in self.windows.items()
        }

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
            "booking": booking_in_words(self.directory, where.maternity_provider, self.on),
            "practice": practice_in_words(self.directory, where.gp_practice, self.on),
            "school type": in_words(school_type),
            "address restricted": yes_no(person.address_restricted),
        }

    def _age(self, person: Person) -> int | None:
        born = person.date_of_birth
        return age_at(born, self._day_for(born))

    def _stage(self, person: Person) -> str:
        born = person.date_of_birth
        return school_stage(born, self._day_for(born), self.settings)

    def _day_for(self, born: date | None) -> date:
        """As of which day somebody's age is told: of a child born since, as of the birth."""
        if born is not None and self.occurred_on < born <= self.told_on:
            return born
        return self.occurred_on

    def _school(self, person: Person) -> tuple[str | None, SchoolType]:
        if person.school is None:
            return None, SchoolType.UNKNOWN
        urn = person.school.urn
        listed = self.directory.school(urn, self.on) if urn else None
        return urn, listed.type if listed else person.school.type

    def _district(self, person: Person, practice: str | None) -> str | None:
        """The home district: of the event's address, else the register's, else the practice's."""
        address = self._address(person)
        if address is not None:
            return address.district
        return self.directory.district_of_practice(practice, self.on)

    def _address(self, person: Person) -> Address | None:
        """The address that says where somebody lives."""
        registered = self.told.registered.matched.get(person.ref)
        addresses = (person.address, registered.address if registered else None)
        return next((each for each in addresses if each and each.district), None)

    def _home(self, district: str | None) -> str:
        if district is None:
            return "unknown"
        return "in the county" if district in self.settings.county else "elsewhere"

    def _district_name(self, district: str | None) -> str:
        if district is None:
            return "unknown"
        return self.settings.districts.get(district, "elsewhere")


def booking_in_words(directory: Directory, provider: str | None, on: date) -> str:
    """What rules are told of where somebody is booked, who may be booked nowhere."""
    if provider is None:
        return "none"
    team = directory.team_of_organisation(Service.MIDWIFERY, provider, on)
    return "with a listed provider" if isinstance(team, Team) else "elsewhere"


def practice_in_words(directory: Directory, practice: str | None, on: date) -> str:
    """What rules are told of where somebody is registered."""
    if practice is None:
        return "unknown"
    return "listed" if isinstance(directory.practice(practice, on), Team) else "elsewhere"


def _roles_of(parents: Sequence[Party]) -> frozenset[str]:
    return frozenset(in_words(role) for parent in parents for role in parent.roles)
