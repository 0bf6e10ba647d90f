"""Whom a rulebook tells by footings, and what of that need not be worked out twice.

The answer about one person follows from what they have in common with many: which rules match,
and the places by which recipients are looked up. So it is remembered by just these; and by all that
is stored of somebody, which is found sooner, and is all that serves for whom something is withheld
from, and for somebody with two refs. Whom a conference itself names is worked out each time.
`engine.who_is_told` gives every answer; a test holds both ways together.
"""

from collections.abc import Hashable, Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple
from uuid import UUID

from routing_rules.directory_days import DirectoryDays
from routing_rules.drafted_notices import Drafted
from routing_rules.duty_builder import DutyBuilder
from routing_rules.engine import who_is_told
from routing_rules.facts import PersonFacts
from routing_rules.footing_memory import (
    MOST,
    Answer,
    Memory,
    Met,
    Notice,
    Where,
    hours_that_matter,
    once,
    urgent_by,
)
from routing_rules.footing_reading import (
    FootedPerson,
    Footing,
    Places,
    facts_of,
    features_in,
    firings_of,
    places_in,
    where_in_words,
)
from routing_rules.known import Firing
from routing_rules.postcode_parts import parts_of
from routing_rules.register_history import has_fired_before
from routing_rules.rulebook import Rulebook
from routing_rules.working_time import is_open
from schemas.values import EventType, Urgency


class ToldOf(NamedTuple):
    """Somebody, and everybody who is told of them."""

    key: str
    ref: str
    district: str | None
    notices: tuple[Notice, ...]


class Asked(NamedTuple):
    """One decision by its footing: of what kind of event, in which occurrence."""

    footing: Footing
    type: EventType
    occurrence_id: UUID


class Teller:
    """Whom one rulebook tells by footings; it remembers `most` answers of a kind, or none."""

    def __init__(self, rulebook: Rulebook, *, most: int = MOST) -> None:
        self.rulebook = rulebook
        self._days = DirectoryDays.of(rulebook.directory)
        self._urgent_by = urgent_by(rulebook)
        self._once = once(rulebook)
        self._hours = hours_that_matter(rulebook.directory)
        self._parts = frozenset(part for _, part in rulebook.directory.served)
        self._known = Memory(most)

    def told(self, asked: Asked) -> Iterator[ToldOf]:
        """Whom one decision would have told, human by human; those of whom nobody is are left out.

        The rulebook must be on common ground with the one that decided. Raises `FeatureInvalid`,
        `KeyError` or `ValueError` where the footing does not fit.
        """
        footing = asked.footing
        if footing.actions or footing.invited or not self._known.most:
            yield from self._worked_out(asked, footing.people)
            return
        known, period = self._known, self._days.period(footing.on)
        known.make_room()
        said = (
            asked.type, period, footing.publisher, bytes(footing.event), bytes(footing.places)
        )  # fmt: skip
        for refs in _humans(footing.people):
            alike = _alike(said, refs)
            answers = known.alike.get(alike)
            if answers is None:
                answers, asks_the_clock = self._answers(asked, refs, period)
                if alike is not None and not asks_the_clock:
                    known.alike[alike] = answers
            for place, district, notices in answers:
                yield ToldOf(refs[place].key, refs[place].ref, district, notices)

    def _worked_out(self, asked: Asked, people: Sequence[FootedPerson]) -> Iterator[ToldOf]:
        for person, drafted in self._drafted(asked, people):
            notices = tuple(notice for notice, _ in drafted)
            yield ToldOf(person.party.key, person.party.person.ref, person.district, notices)

    def _answers(
        self, asked: Asked, refs: Sequence[FootedPerson], period: int
    ) -> tuple[tuple[Answer, ...], bool]:
        """Who is told of one human, and whether some team's hours decide who that is."""
        if len(refs) == 1:
            where = self._where(refs[0], asked.footing.on, period)
            key = (period, *self._key(refs[0], where, asked))
            notices, asks_the_clock = self._remembered(key, asked, refs)
            return (Answer(0, where.district, notices),) if notices else (), asks_the_clock
        places = {person.ref: place for place, person in enumerate(refs)}
        drafted = [*self._drafted(asked, refs)]
        answers = (
            Answer(places[person.party.person.ref], person.district, tuple(n for n, _ in notices))
            for person, notices in drafted
        )
        return tuple(answers), any(asks for _, notices in drafted for _, asks in notices)

    def _drafted(
        self, asked: Asked, people: Sequence[FootedPerson]
    ) -> Iterator[tuple[PersonFacts, list[tuple[Notice, bool]]]]:
        """By person, the notices, and of each whether its team's hours decide."""
        facts = facts_of(asked.footing, people, asked.type, asked.occurrence_id, self.rulebook)
        for builder, notices in groupby(who_is_told(facts, self.rulebook), key=itemgetter(0)):
            yield builder.person, [_notice(builder, each) for _, each in notices]

    def _remembered(
        self, key: Hashable, asked: Asked, refs: Sequence[FootedPerson]
    ) -> tuple[tuple[Notice, ...], bool]:
        """The notices about one human, and whether some team's hours decide who they are for."""
        known = self._known
        if key not in known.notices:
            notices, asks_the_clock = self._one(asked, refs)
            known.notices[key] = None if asks_the_clock else notices
            return notices, asks_the_clock
        remembered = known.notices[key]
        if remembered is not None:
            return remembered, False
        by_the_clock = (key, self._at_work(asked.footing.publications))
        if by_the_clock not in known.by_the_clock:
            known.by_the_clock[by_the_clock] = self._one(asked, refs)[0]
        return known.by_the_clock[by_the_clock], True

    def _one(self, asked: Asked, refs: Sequence[FootedPerson]) -> tuple[tuple[Notice, ...], bool]:
        drafted = [each for _, notices in self._drafted(asked, refs) for each in notices]
        return tuple(notice for notice, _ in drafted), any(asks for _, asks in drafted)

    def _key(self, person: FootedPerson, where: Where, asked: Asked) -> tuple[Hashable, ...]:
        """All that the answer about somebody with one ref follows from."""
        event, met = self._event(asked), self._person(person, where, asked.type)
        stored: tuple[Hashable, ...] = ()
        if event.rows.withholds & met.rows.withholds:  # from whom, and what, more than rows say
            stored = (bytes(asked.footing.event), bytes(person.features))
        rules = self._firing(event.rows.rules & met.rows.rules, person, asked)
        footing = asked.footing
        return (
            asked.type,
            rules,
            event.words,
            met.words,
            bytes(footing.places),
            footing.publisher,
            stored,
            *where.distinct,
        )

    def _firing(self, rules: int, person: FootedPerson, asked: Asked) -> int:
        """Without those that fire once in a while, and did for this person before."""
        if not person.fired:
            return rules
        footing, earlier = asked.footing, tuple(firings_of(person))
        for row, rule, days in self._once[asked.type]:
            firing = Firing(rule, "", footing.occurred_at, asked.occurrence_id)
            if rules & row and has_fired_before(earlier, firing, days=days):
                rules &= ~row
        return rules

    def _event(self, asked: Asked) -> Met:
        stored = bytes(asked.footing.event)
        key = (asked.type, stored)
        met = self._known.events.get(key)
        if met is None:
            features = features_in(stored)
            rows = self.rulebook.compiled.rows_of_event(asked.type, features)
            words = tuple(features[name] for name in self._urgent_by[asked.type].event)
            met = self._known.events[key] = Met(rows, words)
        return met

    def _person(self, person: FootedPerson, where: Where, event_type: EventType) -> Met:
        stored = bytes(person.features)
        key = (event_type, stored, where.booking, where.practice)
        met = self._known.people.get(key)
        if met is None:
            words = {"booking": where.booking, "practice": where.practice}
            features = {**features_in(stored), **words}
            rows = self.rulebook.compiled.rows_of_person(event_type, features)
            urgent_by = tuple(features[name] for name in self._urgent_by[event_type].person)
            met = self._known.people[key] = Met(rows, urgent_by)
        return met

    def _where(self, person: FootedPerson, on: date, period: int) -> Where:
        stored = bytes(person.places)
        where = self._known.places.get((stored, period))
        if where is None:
            places = places_in(stored)
            words = where_in_words(places, on, self.rulebook)
            distinct = self._distinct(places)
            where = Where(places.district, distinct, words["booking"], words["practice"])
            self._known.places[stored, period] = where
        return where

    def _distinct(self, places: Places) -> tuple[Hashable, ...]:
        """A person's places, of the postcode only the parts that have a team of their own."""
        parts = tuple(part for part in parts_of(places.postcode) if part in self._parts)
        return tuple(places._replace(postcode=None)) + parts

    def _at_work(self, publications: Iterable[datetime]) -> Hashable:
        """Which teams were at work at each moment, of those that somebody stands in for."""
        calendar = self.rulebook.calendar
        return tuple(
            tuple(is_open(hours, at, calendar=calendar) for hours in self._hours)
            for at in publications
        )


def _alike(said: Hashable, refs: Sequence[FootedPerson]) -> Hashable | None:
    """All that is stored of one human, by which many are alike; None where more decides."""
    if len(refs) == 1:
        [person] = refs
        return None if person.fired else (said, bytes(person.features), bytes(person.places))
    if any(person.fired for person in refs):
        return None
    return said, *((each.ref, bytes(each.features), bytes(each.places)) for each in refs)


def _humans(people: Iterable[FootedPerson]) -> Iterable[Sequence[FootedPerson]]:
    """The refs of everybody, those of one human together."""
    humans: dict[str, list[FootedPerson]] = {}
    for person in people:
        humans.setdefault(person.human or person.ref, []).append(person)
    return humans.values()


def _notice(builder: DutyBuilder, drafted: Drafted) -> tuple[Notice, bool]:
    rules = tuple(dict.fromkeys(reason.rule for reason in builder.reasons(drafted)))
    team = drafted.team
    notice = Notice(team.service, team.recipient, drafted.stands_for, rules)
    return notice, team.out_of_hours is not None and drafted.urgency is Urgency.IMMEDIATE
