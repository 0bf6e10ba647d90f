"""The county's truth, kept aside: of whom and what every service should have been told.

It reads what was published, mistakes included, and knows who everybody really is. It calls nothing
of routing: teams come from the directory's tables, pathways from the product's own words. Whoever
was rightly told on what was known then stays told, unless somebody else is told instead, or it
all turns out not to have happened, or may not be told any more.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from services.sandbox.county import CountyMessage
from services.sandbox.county_mistakes import Mistake
from services.sandbox.county_people import Household
from services.sandbox.county_truth_attendance import is_confidential
from services.sandbox.county_truth_community import may_be_shared
from services.sandbox.county_truth_losses import Losses, losses_of
from services.sandbox.county_truth_occurrences import (
    Occurrence,
    arrival_of,
    happened_of,
    is_unplanned,
    kind_of,
    within,
)
from services.sandbox.county_truth_pathways import london_day, to_be_told
from services.sandbox.county_truth_people import Crowd, Someone, folded
from services.sandbox.county_truth_recipients import ToBeTold
from services.sandbox.county_truth_register import Published, Record
from services.sandbox.county_truth_teams import teams_of

_LOOK_BACK = timedelta(days=90)
_DEPARTURE_OVERDUE = timedelta(hours=4)
_HALF_A_YEAR = timedelta(days=183)
_OF_THE_REGISTER = {"registration.person", "registration.family-link", "registration.identity"}
_BOOKING = "maternity.booking"
_ENDINGS = {"maternity.birth", "maternity.ended"}


class CountyTruth:
    """Takes every message as it is published; says who should have been told of each occurrence.

    `files` are those of the rulebook, of which only the directory's tables are read.
    """

    def __init__(self, households: tuple[Household, ...], files: Mapping[str, str]) -> None:
        people = [(home.number, who) for home in households for who in home.residents]
        self._homes = {who.nhs_number: number for number, who in people}
        self._truly = {n: who for home in households for who, n in home.duplicates.items()}
        self._homes |= {second: self._homes[one] for second, one in self._truly.items()}
        self._pregnancies = {
            one.pregnancy_id: home.number for home in households for one in home.pregnancies
        }
        names = {
            (who.given, who.family, who.date_of_birth.isoformat()): who.nhs_number
            for _, who in people
        }
        self.crowd = Crowd(names, Published(frozenset(self._homes)), teams_of(files))
        self.occurrences: dict[str, Occurrence] = {}
        self._happened_to: dict[int, list[Occurrence]] = defaultdict(list)
        self._attended: dict[int, list[Occurrence]] = defaultdict(list)

    def true_number(self, number: str) -> str:
        """Whose number it truly is: that of the first record of somebody who has two."""
        return self._truly.get(number, number)

    def take(self, message: CountyMessage, at: datetime) -> None:
        """A message as it comes in, at a time (UTC); one that cannot be read tells nothing."""
        if message.mistake in {Mistake.UNREADABLE, Mistake.REPEATED}:
            return
        event = json.loads(message.body)
        kind, data = kind_of(event["type"]), event["data"]
        place = f"{event['time']}|{event['sequence']}"
        if kind in {*_OF_THE_REGISTER, _BOOKING}:
            self.crowd.published.take(data, place)
        if kind in _OF_THE_REGISTER:
            for home in {self._homes[number] for number in self._spoken_of(data)}:
                self._learned(home, at)
            return
        one = self._occurrence(message, kind, data)
        one.events.append((place, data))
        told = folded(one.events, self.crowd.published.numbers)
        one.tell(told, datetime.fromisoformat(event["time"]))
        if kind in _ENDINGS:
            self.crowd.published.endings.take(message.key, told)
        self._decide(one, at)
        if kind == "emergency.attendance":
            self._learned(one.household, at, but_not=one)
        if kind in _ENDINGS or (kind == _BOOKING and self._spoken_of(data)):
            self._learned(one.household, at)

    def wait_until(self, at: datetime) -> None:
        """Time passes: what should have been over by then is."""
        for one in sorted(self.occurrences.values(), key=lambda one: one.happened):
            self._decide(one, at)

    def _occurrence(self, message: CountyMessage, kind: str, data: Record) -> Occurrence:
        key = message.key
        if key not in self.occurrences:
            one = Occurrence(kind, self._home_of(data), message.publisher)
            self.occurrences[key] = one
            self._happened_to[one.household].append(one)
            if kind == "emergency.attendance":
                self._attended[one.household].append(one)
        return self.occurrences[key]

    def _home_of(self, data: Record) -> int:
        """Where somebody lives of whom an event tells first, or whose pregnancy it is."""
        if data.get("pregnancy_id") in self._pregnancies:
            return self._pregnancies[data["pregnancy_id"]]
        first = data["patient"] if "patient" in data else data["people"][0]
        if first.get("nhs_number") in self._homes:
            return self._homes[first["nhs_number"]]
        nameless = {name: told for name, told in first.items() if name != "nhs_number"}
        return self._homes[self.crowd.true_number(nameless)]

    def _spoken_of(self, data: Record) -> set[str]:
        somebody = data.get("person") or data.get("mother") or {}
        ends = (somebody.get("nhs_number"), data.get("from"), data.get("to"))
        return {end for end in ends if end in self.crowd.published.numbers}

    def _learned(self, home: int, at: datetime, but_not: Occurrence | None = None) -> None:
        """More is known of a household: all that happened lately, in the order in which it did.

        After an attendance (`but_not`) that is how often its patient came, to later ones, and
        whether somebody who was sent on has arrived.
        """
        since = at - _LOOK_BACK if but_not is None else but_not.happened
        for one in sorted(self._happened_to[home], key=lambda one: one.happened):
            if but_not is not None and one.kind == "emergency.onward-referral":
                self._decide(one, at, is_learned=True)
            is_other = one is not but_not and (but_not is None or self._is_of_same(one, but_not))
            if is_other and one.happened >= since:
                self._decide(one, at, is_learned=True)

    def _decide(self, one: Occurrence, at: datetime, *, is_learned: bool = False) -> None:
        """Who should know of it now; of those told before, whoever was rightly told then.

        Somebody who is told instead ends it, and so does learning that no report would have led to
        it, had it been known what is known now; or that it was told because of a pregnancy that
        is no more, of an arrival that was only late, or with a consent that was taken back.
        """
        if one.is_cancelled:
            one.standing, one.crossed = frozenset(), frozenset()
            return
        now = frozenset(self._by(one, one.told, at))
        moved = {self._whom(new) for new in now - one.standing}
        kept = {old for old in one.standing - now if self._whom(old) not in moved}
        if kept and self._is_taken_back(one, at):
            kept = set()
        if is_learned and kept:
            kept &= {each for told in one.tellings[:-1] for each in self._by(one, told, at)}
        if kept and self._losses(one, one.told).are_any:
            kept -= {
                each
                for told in one.tellings
                for each in self._by(one, told, at, heeds_losses=False)
            }
        one.standing = now | kept

    def _whom(self, told: ToBeTold) -> tuple[str, str]:
        """Whom it is about, by whichever record, and the service that is told."""
        return self.true_number(told.number), told.service

    def _is_taken_back(self, one: Occurrence, at: datetime) -> bool:
        if one.kind == "community.relapse-plan":
            return not may_be_shared(one.told)
        return one.kind == "emergency.onward-referral" and self._arrival(one, at) == "arrived"

    def _losses(self, one: Occurrence, told: Record) -> Losses:
        happened = happened_of(told, one.published)
        people = self.crowd.people(told, happened)
        return self._losses_of(one, told, people, happened)

    def _losses_of(
        self, one: Occurrence, told: Record, people: list[Someone], happened: datetime
    ) -> Losses:
        of = told.get("pregnancy_id")
        return losses_of(one.kind, people, self.crowd.published, happened, pregnancy_id=of)

    def _by(
        self, one: Occurrence, told: Record, at: datetime, *, heeds_losses: bool = True
    ) -> Iterator[ToBeTold]:
        """Who should be told of it as it is told, by all that is known now."""
        happened = happened_of(told, one.published)
        people = self.crowd.people(told, happened)
        if heeds_losses:
            losses = self._losses_of(one, told, people, happened)
            left = losses.left_of(one.kind, told)
            if left is None:
                return
            told, people = left, losses.heeded(people)
        sender = told.get("provider") or self.crowd.teams.sender(one.publisher)
        more: dict[str, Any] = {"sender": sender}
        if one.kind == "emergency.attendance":
            if told is one.told:
                one.crossed = self._crossed(one, people)
            has_left = "departed_at" in told or at >= happened + _DEPARTURE_OVERDUE
            more = {"has_left": has_left, "frequent": bool(one.crossed)}
        if one.kind == "emergency.onward-referral":
            more = {"arrival": self._arrival(one, at)}
        day = london_day(happened)
        yield from to_be_told(one.kind, people, {**told, **more}, self.crowd.teams, day)

    def _arrival(self, one: Occurrence, at: datetime) -> str:
        """P14: how it stands with somebody who was sent on."""
        number = one.told["people"]["patient"].get("nhs_number")
        theirs = [
            each
            for each in self._attended[one.household]
            if number is not None and not each.is_cancelled and self._is_by(each, number)
        ]
        return arrival_of(one, theirs, at)

    def _crossed(self, one: Occurrence, people: list[Someone]) -> frozenset[str]:
        """P08: four in 183 days, three in 91 under one year; told once in half a year.

        If it was confidential then, hardly anybody was told, so the next one crosses it again.
        """
        patient = next(person for person in people if person.role == "patient")
        age = patient.age(london_day(one.happened))
        has_number = "nhs_number" in one.told["people"]["patient"]
        if not is_unplanned(one) or not has_number or not patient.is_identified:
            return frozenset()
        since = one.happened - _HALF_A_YEAR
        lately = [o for o in self._attended[one.household] if since < o.happened <= one.happened]
        theirs = [o for o in lately if is_unplanned(o) and self._is_by(o, patient.number)]
        counted = [o for o in theirs if "arrived_referral_id" not in o.told]
        crossed = set()
        if (age is None or age < 18) and within(counted, one, _HALF_A_YEAR) >= 4:
            crossed.add("child")
        if age is not None and age < 1 and within(counted, one, timedelta(days=91)) >= 3:
            crossed.add("infant")
        before = {
            name
            for each in theirs
            if each is not one and not is_confidential(each.told)
            for name in each.crossed
        }
        return frozenset(crossed - before)

    def _is_by(self, one: Occurrence, number: str) -> bool:
        """Whether an attendance is by somebody of whom that can be told."""
        patient = one.told["people"].get("patient", {})
        own = patient.get("nhs_number")
        published = self.crowd.published
        if own is None or number not in published.same_as(own):
            return False
        known = published.known(number, one.happened)
        is_checked = patient.get("nhs_number_status") in {"verified", "traced"}
        born = patient.get("date_of_birth")
        return is_checked or (
            known is not None and born is not None and known.get("date_of_birth") == born
        )

    def _is_of_same(self, one: Occurrence, other: Occurrence) -> bool:
        """Whether two attendances are by one person, by the numbers that they give."""
        if one.kind != other.kind:
            return False
        first, second = (each.told["people"].get("patient", {}) for each in (one, other))
        number, own = first.get("nhs_number"), second.get("nhs_number")
        return (
            number is not None and own is not None and (own in self.crowd.published.same_as(number))
        )
