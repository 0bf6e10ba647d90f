"""The county's truth, kept aside: of whom and what every service should have been told.

It reads what was published, mistakes included, and knows who everybody really is. It calls nothing
of routing: teams come from the directory's tables, pathways from the product's own words. Whoever
was rightly told on what was known then stays told, unless somebody else is told instead, or it
all turns out not to have happened.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from services.sandbox.county import CountyMessage
from services.sandbox.county_mistakes import Mistake
from services.sandbox.county_people import Household
from services.sandbox.county_truth_pathways import (
    Pathways,
    ToBeTold,
    is_confidential,
    london_day,
)
from services.sandbox.county_truth_people import Crowd, Someone, folded
from services.sandbox.county_truth_register import Published, Record
from services.sandbox.county_truth_teams import teams_of

_LOOK_BACK = timedelta(days=90)
_DEPARTURE_OVERDUE = timedelta(hours=4)
_HALF_A_YEAR = timedelta(days=183)
_NOT_TO_BE_ROUTED = {"registration", "maternity"}


@dataclass(slots=True)
class Occurrence:
    """One thing that happened to a household, as published so far, and who should know of it."""

    household: int
    events: list[tuple[str, Record]] = field(default_factory=list)
    """In order of arrival, each with its place among what its publisher said."""
    tellings: list[Record] = field(default_factory=list)
    """What the events said together after each of them."""
    standing: frozenset[ToBeTold] = frozenset()
    crossed: frozenset[str] = frozenset()
    """The thresholds of frequent attendance that were crossed with it."""

    @property
    def told(self) -> Record:
        """As it is told now."""
        return self.tellings[-1]

    @property
    def happened(self) -> datetime:
        """When it happened."""
        return _happened(self.told)

    @property
    def is_cancelled(self) -> bool:
        """Whether it did not happen after all."""
        return self.told.get("status") in {"cancelled", "entered_in_error"}


class CountyTruth:
    """Takes every message as it is published; says who should have been told of each occurrence.

    `files` are those of the rulebook, of which only the directory's tables are read.
    """

    def __init__(self, households: tuple[Household, ...], files: Mapping[str, str]) -> None:
        people = [(home.number, who) for home in households for who in home.residents]
        numbers = frozenset(who.nhs_number for _, who in people)
        names = {
            (who.given, who.family, who.date_of_birth.isoformat()): who.nhs_number
            for _, who in people
        }
        self.crowd = Crowd(names, Published(numbers), teams_of(files))
        self.occurrences: dict[str, Occurrence] = {}
        self._homes = {who.nhs_number: number for number, who in people}
        self._happened_to: dict[int, list[Occurrence]] = defaultdict(list)

    def take(self, message: CountyMessage, at: datetime) -> None:
        """A message as it comes in, at a time (UTC); one that cannot be read tells nothing."""
        if message.mistake in {Mistake.UNREADABLE, Mistake.REPEATED}:
            return
        event = json.loads(message.body)
        if message.family in _NOT_TO_BE_ROUTED:
            self.crowd.published.take(event["data"])
            for number in self._spoken_of(event["data"]):
                self._learned(self._homes[number], at)
            return
        one = self._occurrence(message.key, event["data"])
        one.events.append((f"{event['time']}|{event['sequence']}", event["data"]))
        one.tellings.append(folded(one.events, self.crowd.published.numbers))
        self._decide(one, at)
        if "patient" in one.told["people"]:
            self._learned(one.household, at, but_not=one)

    def wait_until(self, at: datetime) -> None:
        """Time passes: what should have been over by then is."""
        for one in sorted(self.occurrences.values(), key=lambda one: one.happened):
            self._decide(one, at)

    def _occurrence(self, key: str, data: Record) -> Occurrence:
        if key not in self.occurrences:
            first = data["patient"] if "patient" in data else data["people"][0]
            name = first["name"]
            number = self.crowd.names[name["given"], name["family"], first["date_of_birth"]]
            self.occurrences[key] = Occurrence(self._homes[number])
            self._happened_to[self._homes[number]].append(self.occurrences[key])
        return self.occurrences[key]

    def _spoken_of(self, data: Record) -> set[str]:
        somebody = data.get("person") or data.get("mother") or {}
        ends = (somebody.get("nhs_number"), data.get("from"), data.get("to"))
        return {end for end in ends if end in self.crowd.published.numbers}

    def _learned(self, home: int, at: datetime, but_not: Occurrence | None = None) -> None:
        """More is known of a household: all that happened lately, in the order in which it did.

        After an attendance (`but_not`) that is how often its patient came, to later ones.
        """
        since = at - _LOOK_BACK if but_not is None else but_not.happened
        for one in sorted(self._happened_to[home], key=lambda one: one.happened):
            is_other = one is not but_not and (but_not is None or _is_of_same(one, but_not))
            if is_other and one.happened >= since:
                self._decide(one, at, is_learned=True)

    def _decide(self, one: Occurrence, at: datetime, *, is_learned: bool = False) -> None:
        """Who should know of it now; of those told before, whoever was rightly told then.

        Somebody who is told instead ends it, and so does learning that no report would have led to
        it, had it been known what is known now.
        """
        if one.is_cancelled:
            one.standing, one.crossed = frozenset(), frozenset()
            return
        now = frozenset(self._by(one, one.told, at))
        moved = {(new.number, new.service) for new in now - one.standing}
        kept = {old for old in one.standing - now if (old.number, old.service) not in moved}
        if is_learned and kept:
            kept &= {each for told in one.tellings[:-1] for each in self._by(one, told, at)}
        one.standing = now | kept

    def _by(self, one: Occurrence, told: Record, at: datetime) -> Iterator[ToBeTold]:
        """Who should be told of it as it is told, by all that is known now."""
        happened = _happened(told)
        people = self.crowd.people(told, happened)
        pathways = Pathways(self.crowd.teams, london_day(happened))
        if "police_reference" in told:
            for person in people:
                yield from pathways.abuse(person)
        elif "case_number" in told:
            yield from pathways.conference(people, told["actions"])
        else:
            has_left = "departed_at" in told or at >= happened + _DEPARTURE_OVERDUE
            if told is one.told:
                one.crossed = self._crossed(one, people)
            more = {"has_left": has_left, "frequent": bool(one.crossed)}
            yield from pathways.attendance(people, {**told, **more})

    def _crossed(self, one: Occurrence, people: list[Someone]) -> frozenset[str]:
        """P08: four in 183 days, three in 91 under one year; told once in half a year.

        If it was confidential then, hardly anybody was told, so the next one crosses it again.
        """
        patient = next(person for person in people if person.role == "patient")
        age = patient.age(london_day(one.happened))
        is_counted = _is_unplanned(one) and "nhs_number" in one.told["people"]["patient"]
        if not is_counted or not patient.is_identified or age is None:
            return frozenset()
        number = patient.number
        lately = self._happened_to[one.household]
        theirs = [each for each in lately if _is_unplanned(each) and self._is_by(each, number)]
        crossed = set()
        if age < 18 and _within(theirs, one, _HALF_A_YEAR) >= 4:
            crossed.add("child")
        if age < 1 and _within(theirs, one, timedelta(days=91)) >= 3:
            crossed.add("infant")
        before = {
            name
            for each in theirs
            if each is not one and one.happened - _HALF_A_YEAR < each.happened <= one.happened
            if not is_confidential(each.told)
            for name in each.crossed
        }
        return frozenset(crossed - before)

    def _is_by(self, one: Occurrence, number: str) -> bool:
        """Whether an attendance is by somebody of whom that can be told."""
        patient = one.told["people"].get("patient")
        if patient is None or patient.get("nhs_number") != number:
            return False
        known = self.crowd.published.known(number, one.happened)
        is_checked = patient.get("nhs_number_status") in {"verified", "traced"}
        born = patient["date_of_birth"]
        return is_checked or (known is not None and known.get("date_of_birth") == born)


def _happened(told: Record) -> datetime:
    if "met_on" in told:
        return datetime.fromisoformat(f"{told['met_on']}T12:00:00+00:00")
    return datetime.fromisoformat(told.get("incident_at") or told["arrived_at"])


def _is_unplanned(one: Occurrence) -> bool:
    category = one.told.get("category")
    return not one.is_cancelled and category in {"unplanned_first", "unplanned_follow_up"}


def _is_of_same(one: Occurrence, other: Occurrence) -> bool:
    """Whether two attendances give the same number for their patient."""
    first, second = (each.told["people"].get("patient", {}) for each in (one, other))
    number = first.get("nhs_number")
    return number is not None and number == second.get("nhs_number")


def _within(theirs: list[Occurrence], one: Occurrence, span: timedelta) -> int:
    since = one.happened - span
    return sum(since < each.happened <= one.happened for each in theirs)
