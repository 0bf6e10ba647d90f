"""A county's settings: what its rulebook says that is neither a rule nor a team."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time, timedelta

from routing_rules.service_hours import ServiceHours
from routing_rules.sources import Source
from schemas.values import Service, Urgency


@dataclass(frozen=True, slots=True)
class Elapsed:
    """An answer is due so long after publication, by day and night."""

    time: timedelta


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """An answer is due when the team closes, so many working days after the day of publication.

    Nought means the day of publication itself, if the team works then and has not yet closed.
    """

    days: int


ResponseTime = Elapsed | WorkingDays


@dataclass(frozen=True, slots=True)
class FrequentAttendance:
    """Attendances are frequent from `count` in `days`; for people under `under_age`, if given."""

    count: int
    days: int
    under_age: int | None = None


@dataclass(frozen=True, slots=True)
class OnwardArrival:
    """When the arrival of somebody who was sent on is overdue, from when they were sent.

    `overdue_after` stands where the site does not say by when, `at_the_latest_after` caps what it
    says. `still_overdue_after` is how long after that more people are told.
    """

    overdue_after: timedelta
    at_the_latest_after: timedelta
    still_overdue_after: timedelta


@dataclass(frozen=True, slots=True, order=True)
class DayOfYear:
    """A day that comes back every year; never 29 February."""

    month: int
    day: int


@dataclass(frozen=True, slots=True)
class StartOfSchool:
    """When a child starts school, and until when health visiting and school nursing share it.

    A child starts at the first `reception_starts` before which they were already four years old.
    `both_told_until` is the last day of the overlap: in the same year if it is later in the year.
    """

    reception_starts: DayOfYear = DayOfYear(9, 1)
    both_told_until: DayOfYear = DayOfYear(12, 31)


@dataclass(frozen=True, slots=True)
class SchoolClock:
    """Duties of these services that are due within a working day, due before school starts (P03).

    `starts` is London time. A team that was closed since publication has `first` from its opening.
    """

    services: frozenset[Service] = frozenset()
    starts: time = time(9)
    first: timedelta = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Basis:
    """What a notification says of the law it rests on (facts 1.9)."""

    lawful_basis: str
    consent: str


@dataclass(frozen=True, slots=True)
class RulebookSettings:
    """Everything that `settings.yaml` says; a file must state each.

    `county` and `neighbours` give names of home districts by ONS code. A neighbour's district is
    `elsewhere` to the rules, but teams may serve it.
    """

    name: str
    county: Mapping[str, str]
    neighbours: Mapping[str, str]
    response_times: Mapping[Urgency, ResponseTime]
    office_hours: ServiceHours
    practice_hours: ServiceHours
    look_back: timedelta
    departure_overdue_after: timedelta
    onward_arrival: OnwardArrival
    pregnancy_active_after_due_date: timedelta
    frequent_attendance: tuple[FrequentAttendance, ...]
    start_of_school: StartOfSchool
    school_clock: SchoolClock
    basis: Basis
    sources: tuple[Source, ...]

    def organisation_of(self, publisher: str) -> str | None:
        """Whose staff write the events of a source, if the settings say so."""
        return next((s.organisation for s in self.sources if s.publisher == publisher), None)

    @property
    def districts(self) -> Mapping[str, str]:
        """Names of every district that a team may serve, by ONS code."""
        return {**self.county, **self.neighbours}
