"""A solver as an oracle: the same question that a proof answers, asked of z3 in plain logic.

It shares the values of the dimensions with the proof, and nothing of how boxes are made or cut.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import z3

from routing_rules.directory import Team
from routing_rules.document import (
    Condition,
    Instead,
    Place,
    Rule,
    Tell,
    Unless,
    UrgencyByField,
    Withhold,
)
from routing_rules.people import ADULT_ROLES
from routing_rules.promises import MAY_BE_VIOLENT, PERPETRATOR_NAMED, Kind, Promise
from routing_rules.proof_ground import Ground
from routing_rules.proof_needs import Need, needs_of
from routing_rules.proof_places import Answer, Asked, unresolved
from routing_rules.proof_space import DERIVED
from routing_rules.subjects import VIOLENCE
from routing_rules.vocabulary import FieldKind, words
from schemas.values import EventType, SchoolType, Service, Urgency
from tests import z3_pathways

Logic = Any
_OF_PREGNANCIES = (
    EventType.MATERNITY_CONCERN,
    EventType.MATERNITY_APPOINTMENT_MISSED,
    EventType.MATERNITY_BIRTH,
    EventType.MATERNITY_POSTNATAL_TRANSFER,
)
_STAGES = {
    "before school": (0, 4),
    "starting school": (4, 5),
    "school age": (4, 17),
    "adult": (18, 130),
}


@dataclass(frozen=True)
class Oracle:
    """One kind of event under one rulebook, as formulas over one event and one person."""

    ground: Ground
    variables: dict[str, Logic] = field(default_factory=dict)

    def has_gap(self, promise: Promise) -> bool:
        """Whether some event and person break the promise."""
        if promise.kind is Kind.NOBODY:
            broken = z3.And(self.told_anyone(), z3.Not(self.guarded()))
        else:
            met = [z3.And(self.meets(need), z3.Not(self.guarded())) for need in needs_of(promise)]
            broken = z3.Not(z3.And(*met))
        return self._can_be(self.hypothesis(promise), broken)

    def can_hold(self, promise: Promise) -> bool:
        """Whether anybody can be as the promise says."""
        return self._can_be(self.hypothesis(promise))

    def _can_be(self, *formulas: Logic) -> bool:
        solver = z3.Solver()
        possible = self.possible()
        solver.add(*formulas, possible, *self._domains())
        return bool(solver.check() == z3.sat)

    def _domains(self) -> list[Logic]:
        sizes = self.ground.space.layout.sizes
        found = []
        for name, variable in self.variables.items():
            own = self.ground.space.fields.get(name)
            if own is not None and own.kind is FieldKind.NUMBER:
                found += [variable >= own.low, variable <= own.high]
            elif name in sizes and z3.is_int(variable):
                found += [variable >= 0, variable < sizes[name]]
        return found

    def hypothesis(self, promise: Promise) -> Logic:
        return self.all_of((*promise.when, *promise.about))

    # values

    def number(self, name: str) -> Logic:
        return self.variables.setdefault(name, z3.Int(name))

    def is_there(self, name: str) -> Logic:
        return self.variables.setdefault(name, z3.Bool(name))

    def flag(self, name: str, word: str) -> Logic:
        return self.is_there(f"{name}: {word}")

    def unknown(self, name: str) -> Logic:
        return self.is_there(f"{name} unknown")

    def is_one(self, name: str, among: Iterable[str]) -> Logic:
        """Whether a choice is one of these words."""
        values = self.ground.space.fields[name].values
        return z3.Or(*(self.number(name) == values.index(w) for w in among if w in values))

    def asked(self, name: Asked, numbers: Iterable[int]) -> Logic:
        return z3.Or(*(self.number(name.value) == number for number in numbers))

    # rules

    def holds(self, condition: Condition) -> Logic:
        name = condition.field
        if name in DERIVED:
            layout, derived = self.ground.space.layout, self.ground.reading.derived[name]
            bits = sum(derived[word] for word in condition.words)
            return self.asked(DERIVED[name], layout.numbers(DERIVED[name], bits))
        match self.ground.space.fields[name].kind:
            case FieldKind.CHOICE:
                return self.is_one(name, condition.words)
            case FieldKind.FLAGS:
                return z3.Or(*(self.flag(name, word) for word in condition.words))
            case FieldKind.NUMBER:
                value, unknown = self.number(name), self.unknown(name)
                inside = [z3.And(value >= r.low, value <= r.high) for r in condition.ranges]
                known = z3.And(z3.Not(unknown), z3.Or(*inside))
                return z3.Or(known, unknown) if condition.or_unknown else known

    def all_of(self, conditions: Iterable[Condition]) -> Logic:
        return z3.And(*(self.holds(each) for each in conditions))

    def rules(self) -> list[Rule]:
        document = self.ground.reading.rulebook.document
        return [rule for rule in document.rules if rule.event is self.ground.space.type]

    def blocks(self) -> list[Withhold]:
        document = self.ground.reading.rulebook.document
        return [block for block in document.withholds if block.event is self.ground.space.type]

    def matches(self, block: Rule | Withhold) -> Logic:
        return self.all_of((*block.when, *block.about))

    def reaches(self, rule: Rule, service: Service) -> Logic:
        """Whether a rule that fires may tell a service: as `withholding.Withholding.tells`."""
        allowed, permitted = [], []
        for block in self.blocks():
            excepted = service in block.except_
            stills = [self.all_of(b.when) for b in block.but_still if service in b.services]
            allowed.append(z3.Implies(self.matches(block), excepted))
            permitted.append(z3.Implies(self.matches(block), z3.Or(excepted, *stills)))
        return z3.Or(z3.And(*allowed), z3.And(*permitted, self.is_public(rule)))

    def is_public(self, rule: Rule) -> Logic:
        found = []
        for condition in rule.when:
            if self.is_list(condition):
                found.append(z3.Or(*(self.is_shown(condition, w) for w in condition.words)))
            else:
                found.append(self.holds(condition))
        return z3.And(*found)

    def is_shown(self, condition: Condition, word: str) -> Logic:
        """Whether a value is there and no block that withholds names it."""
        naming = [
            z3.And(self.matches(block), self.flag(each.field, word))
            for block in self.blocks()
            for each in block.when
            if self.is_list(each) and word in each.words
        ]
        return z3.And(self.flag(condition.field, word), z3.Not(z3.Or(*naming)))

    def is_list(self, condition: Condition) -> bool:
        own = self.ground.space.event_fields.get(condition.field)
        return own is not None and own.kind is FieldKind.FLAGS

    # tell lines

    def told_anyone(self) -> Logic:
        lines = [
            z3.And(self.matches(rule), goes, self.reaches(rule, service))
            for rule in self.rules()
            for tell in rule.tell
            for service, _, goes in self.places(tell)
        ]
        return z3.Or(*lines)

    def meets(self, need: Need) -> Logic:
        lines = []
        for rule in self.rules():
            for tell in rule.tell:
                if need.ask is None or need.ask in tell.asks:
                    for service, place, goes in self.places(tell):
                        found = self.is_met(need, service, place)
                        fires = z3.And(self.matches(rule), goes, self.reaches(rule, service))
                        lines.append(z3.And(fires, found, self.in_time(need, tell)))
        return z3.Or(*lines)

    def places(self, tell: Tell) -> list[tuple[Service, Any, Logic]]:
        found: list[tuple[Service, Any, Logic]] = []
        before: list[Logic] = []
        for case in () if tell.place is Place.EVERY_HOSPITAL else tell.instead:
            applies = self.applies(case.when)
            place: Any = self.place(case, tell)
            found.append((case.service, place, z3.And(applies, z3.Not(z3.Or(*before)))))
            before.append(applies)
        return [*found, (tell.service, tell.place, z3.Not(z3.Or(*before)))]

    def place(self, case: Instead, tell: Tell) -> Any:
        """Where a case goes; the answers themselves where that is no place alone."""
        reading, space = self.ground.reading, self.ground.space
        directory = reading.rulebook.directory
        if case.when is Unless.NO_BOOKING and space.type in _OF_PREGNANCIES:
            services = {case.service, tell.service, *(each.service for each in tell.instead)}
            return [unresolved(case.service, directory, space.on)] if len(services) == 1 else []
        at_home = case.place is Place.HOME_DISTRICT and case.service is Service.SCHOOL_NURSING
        if case.when is Unless.INDEPENDENT_SCHOOL and at_home:
            teams = [
                directory.team_of_district(
                    case.service, code, space.on, school_type=SchoolType.UNKNOWN
                )
                for code in space.places.districts
            ]
            return [
                Answer(team, {Asked.DISTRICT: frozenset({number})})
                for number, team in enumerate(teams)
            ]
        return Place.COUNTY if case.place is Place.EVERY_HOSPITAL else case.place

    def applies(self, when: Unless) -> Logic:
        places, reading = self.ground.space.places, self.ground.reading
        if when is Unless.NO_BOOKING:
            return self.asked(Asked.PROVIDER, [places.providers.index(None)])
        kinds = {
            Unless.HOME_EDUCATED: "home educated",
            Unless.NO_SCHOOL: "none",
            Unless.INDEPENDENT_SCHOOL: "independent",
        }
        kind = kinds[when]
        numbers = [n for n, pupil in enumerate(places.schools) if reading.kind_of(pupil) == kind]
        return self.asked(Asked.SCHOOL, numbers)

    def is_met(self, need: Need, service: Service, place: Any) -> Logic:
        found = []
        reading = self.ground.reading
        for answer in place if isinstance(place, list) else reading.answers(service, place):
            team = answer.found
            fits = team.service in need.services if isinstance(team, Team) else need.or_mash
            if fits and (isinstance(team, Team) or service in need.services):
                where = [self.asked(name, numbers) for name, numbers in answer.asking.items()]
                found.append(z3.And(*where))
        return z3.Or(*found)

    def in_time(self, need: Need, tell: Tell) -> Logic:
        if need.within is None:
            return True
        order = list(Urgency)
        allowed = order[: order.index(need.within) + 1]
        if not isinstance(tell.urgency, UrgencyByField):
            return tell.urgency in allowed
        by_word, name = tell.urgency.by_word, tell.urgency.field
        values = self.ground.reading.derived.get(name) or self.ground.space.fields[name].values
        fitting = frozenset(w for w in values if by_word.get(w, Urgency.IMMEDIATE) in allowed)
        return self.holds(Condition(name, tell.position, words=fitting)) if fitting else False

    # what cannot be, and about whom nothing is told

    def guarded(self) -> Logic:
        adult = z3.And(z3.Not(self.unknown("age")), self.number("age") >= 18)
        is_accused = self.is_one("role", ["alleged perpetrator"])
        harmed = z3.Or(
            self.is_one("also victim", ["yes"]), self.is_one("role", ["victim", "patient"])
        )
        by_role = self.is_one("role", words(ADULT_ROLES))
        registered = self.is_one("role", ["child known to register"])
        accused = z3.And(
            self.is_one("also alleged perpetrator", ["yes"]), z3.Or(adult, by_role, registered)
        )
        treated: Logic = False
        if self.ground.space.type in MAY_BE_VIOLENT:
            named = self.ground.space.event_fields["concerns"].values
            there = [each for each in words(VIOLENCE) if each in named]
            violent = z3.Or(*(self.flag("concerns", each) for each in there))
            unnamed = self.is_one(PERPETRATOR_NAMED, ["no"])
            treated = z3.And(violent, unnamed, z3.Or(adult, by_role))
        lost = z3_pathways.did_not_live(self)
        return z3.Or(is_accused, lost, z3.And(z3.Not(harmed), z3.Or(accused, treated)))

    def possible(self) -> Logic:
        role, stage = self.is_one, self.is_one
        unborn = role("role", ["unborn"])
        age, unknown = self.number("age"), self.unknown("age")
        found = [
            z3.Implies(role("role", ["victim"]), self.is_one("also victim", ["yes"])),
            z3.Implies(
                role("role", ["alleged perpetrator"]),
                self.is_one("also alleged perpetrator", ["yes"]),
            ),
            unborn == stage("stage", ["unborn"]),
            unknown == stage("stage", ["unborn", "unknown"]),
        ]
        for word, (low, high) in _STAGES.items():
            inside = z3.And(age >= low, age <= high)
            found.append(z3.Implies(stage("stage", [word]), inside))
        found += [*self._register(), *self._home(), *z3_pathways.possible(self)]
        if self.ground.space.type in MAY_BE_VIOLENT:
            named = self.is_one(PERPETRATOR_NAMED, ["yes"])
            accused = self.is_one("also alleged perpetrator", ["yes"])
            through = self.flag("parent's role", "alleged perpetrator")
            found.append(z3.Implies(z3.Or(accused, through), named))
        if self.ground.space.type is EventType.EMERGENCY_ATTENDANCE:
            found += self._attendance()
        return z3.And(*found)

    def _register(self) -> list[Logic]:
        fields = self.ground.space.person_fields
        child = self.is_one("role", ["child known to register"])
        through = z3.Or(*(self.flag("parent's role", w) for w in fields["parent's role"].values))
        adult = z3.And(z3.Not(self.unknown("age")), self.number("age") >= 18)
        providers = self.ground.space.places.providers
        unbooked = self.asked(Asked.PROVIDER, [providers.index(None)])
        found = [
            z3.Implies(through, child),
            z3.Implies(through, z3.Not(adult)),
            z3.Implies(through, z3.And(self.is_one("pregnant", ["unknown"]), unbooked)),
        ]
        windows = [name for name in fields if name.startswith("attendances in ")]
        found += [z3.Implies(child, self.unknown(name)) for name in windows]
        shorter, longer = sorted(windows, key=lambda each: int(each.split()[2]))
        found.append(self.unknown(shorter) == self.unknown(longer))
        fewer = self.number(shorter) <= self.number(longer)
        found.append(z3.Or(self.unknown(shorter), fewer))
        return found

    def _home(self) -> list[Logic]:
        places = self.ground.space.places
        nowhere = self.asked(Asked.DISTRICT, [places.districts.index(None)])
        practice = Condition("practice", self._position(), words=frozenset({"listed"}))
        return [z3.Not(z3.And(nowhere, self.holds(practice)))]

    def _position(self) -> Any:
        return self.ground.reading.rulebook.promises.promises[0].position

    def _attendance(self) -> list[Logic]:
        status = "status"
        recorded, awaited = (self.is_one("departure", [w]) for w in ("recorded", "awaited"))
        accompanied = z3.Not(self.is_one("accompanying adult", ["not recorded"]))
        adults = ("accompanying adult", "parent")
        found = [
            z3.Not(self.is_one(status, ["cancelled", "entered in error"])),
            z3.Implies(self.is_one(status, ["departed"]), recorded),
            z3.Implies(self.is_one(status, ["unknown"]), z3.Not(awaited)),
            z3.Implies(self.is_one("role", adults), accompanied),
        ]
        return found + [z3.Implies(self.flag("parent's role", w), accompanied) for w in adults]
