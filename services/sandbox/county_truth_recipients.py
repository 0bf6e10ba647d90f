"""Whom the county's truth tells about somebody: each service by the directory's tables."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from services.sandbox.county_truth_people import Someone
from services.sandbox.county_truth_teams import Teams

MASH = "MASH"
_SCHOOL_STARTS = (9, 1)


@dataclass(frozen=True, slots=True, order=True)
class ToBeTold:
    """A service must be told about somebody; recipient `MASH` is an exception in its stead."""

    number: str
    service: str
    recipient: str


@dataclass(frozen=True, slots=True)
class Recipients:
    """Who hears of somebody, on the day (London) on which it happened."""

    teams: Teams
    on: date

    def is_child(self, person: Someone) -> bool:
        """Known to be under eighteen."""
        age = person.age(self.on)
        return age is not None and age < 18

    def may_be_child(self, person: Someone) -> bool:
        """Under eighteen, or of unknown age; an unborn child is neither."""
        return person.role != "unborn" and (person.born is None or self.is_child(person))

    def of_child(self, person: Someone) -> Iterator[ToBeTold]:
        """Whoever cares for a child of that age, and its practice; nobody, for an adult."""
        if self.may_be_child(person):
            yield from self.nurses(person)
            yield self.practice(person)

    def nurses(self, person: Someone) -> Iterator[ToBeTold]:
        """Health visitor, school nurse or both, by age; both where nobody knows it."""
        if not self.may_be_child(person):
            return
        if self.is_young(person):
            yield self.visitors(person)
        if self.is_pupil(person):
            yield self.school_nurses(person)

    def is_young(self, person: Someone) -> bool:
        """Before school or in the first term, or of unknown age."""
        if person.born is None:
            return person.role != "unborn"
        return self.on <= date(_starts_school(person.born).year, 12, 31)

    def is_pupil(self, person: Someone) -> bool:
        """Old enough for school and no adult, or of unknown age."""
        if person.born is None:
            return person.role != "unborn"
        return self.is_child(person) and self.on >= _starts_school(person.born)

    def is_without_nurse(self, person: Someone) -> bool:
        """P39: a pupil of an independent school, of whom the trusts' safeguarding hears."""
        return self.is_pupil(person) and self.teams.kind_of(person.school) == "independent"

    def visitors(self, person: Someone) -> ToBeTold:
        """The health visitors of the home."""
        return self.at_home(person, "health-visiting")

    def school_nurses(self, person: Someone) -> ToBeTold:
        """The school nurses of the school."""
        team = self.teams.school_nurses(person.school, person.district)
        return ToBeTold(person.number, "school-nursing", team or MASH)

    def school_nurses_though_independent(self, person: Someone) -> ToBeTold:
        """Those of the home for a pupil whose school has none (para 3.8)."""
        if self.teams.kind_of(person.school) == "independent":
            return self.at_home(person, "school-nursing")
        return self.school_nurses(person)

    def midwives(self, woman: Someone, provider: str | None = None) -> ToBeTold:
        """Those where she is booked, else those of her home; an event may say whose they are."""
        team = self.teams.midwives(woman.provider or provider, woman.district)
        return ToBeTold(woman.number, "midwifery", team or MASH)

    def named_midwife(self, woman: Someone, provider: str | None = None) -> ToBeTold:
        """The safeguarding team of where she is booked, else of her home's maternity trust."""
        booked = woman.provider or provider
        if booked is None:
            return self.looked_up(woman, "midwifery")
        return self.safeguarding_of(woman, booked)

    def safeguarding_of(self, person: Someone, organisation: str | None) -> ToBeTold:
        """An organisation's own safeguarding team."""
        team = self.teams.of_organisation("safeguarding", organisation)
        return ToBeTold(person.number, "safeguarding", team or MASH)

    def looked_up(self, person: Someone, service: str) -> ToBeTold:
        """For the safeguarding team of the trust that provides a service at home."""
        team = self.teams.safeguarding_of_those_who(service, person.district)
        return ToBeTold(person.number, "safeguarding", team or MASH)

    def hospital(self, person: Someone, site: str | None) -> ToBeTold:
        """The safeguarding team of the trust whose site it is."""
        team = self.teams.safeguarding_at(site) if site else None
        return ToBeTold(person.number, "safeguarding", team or MASH)

    def at_site(self, person: Someone, service: str, site: str | None) -> ToBeTold:
        """A service's team for a hospital site."""
        team = self.teams.at_site(service, site) if site else None
        return ToBeTold(person.number, service, team or MASH)

    def at_home(self, person: Someone, service: str) -> ToBeTold:
        """A service's team for the home district."""
        team = self.teams.of_district(service, person.district)
        return ToBeTold(person.number, service, team or MASH)

    def everywhere(self, person: Someone, service: str) -> Iterator[ToBeTold]:
        """Every team of a service."""
        for team in self.teams.everywhere(service):
            yield ToBeTold(person.number, service, team)

    def of_sender(self, person: Someone, service: str, organisation: str | None) -> ToBeTold:
        """A team of whoever wrote it."""
        team = self.teams.of_organisation(service, organisation)
        return ToBeTold(person.number, service, team or MASH)

    def practice(self, person: Someone) -> ToBeTold:
        """The practice at which somebody is registered."""
        return ToBeTold(person.number, "gp", self.teams.practice(person.practice) or MASH)


def _starts_school(born: date) -> date:
    """The first of September after the fourth birthday."""
    years = 4 if (born.month, born.day) < _SCHOOL_STARTS else 5
    return date(born.year + years, *_SCHOOL_STARTS)
