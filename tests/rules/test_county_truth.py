"""The synthetic county through reading and routing, beside what its own truth says."""

import heapq
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice
from uuid import UUID

from routing_rules.case import HeldDuty, Outcome
from routing_rules.explain import Casebook
from routing_rules.learning import route_again
from routing_rules.subjects import people_of
from schemas.events import Event, Refused
from schemas.occurrence import occurrence_id, occurrence_key
from schemas.reading import read_event
from schemas.values import DutyState, NotificationKind
from services.sandbox.county import County, CountyMessage
from services.sandbox.county_days import as_days_pass
from services.sandbox.county_people import households_of
from services.sandbox.county_places import places_of
from services.sandbox.county_truth import CountyTruth
from services.sandbox.county_truth_pathways import MASH, SERVICES, ToBeTold
from tests.builders import staffordshire

BEGUN = datetime(2026, 10, 5, 6, tzinfo=UTC)
SEED = 1
MESSAGES = 8_000
"""As many as fit in a minute or so: 36 days of a county."""
KINDS = {"police_reference": "police", "case_number": "conference", "attendance_id": "attendance"}


@dataclass(slots=True)
class Run:
    """A county's messages, routed in memory in the order in which they came in."""

    truth: CountyTruth
    casebook: Casebook = field(default_factory=lambda: Casebook(staffordshire()))
    count: Counter[str] = field(default_factory=Counter)
    outcomes: list[Outcome] = field(default_factory=list)
    due: list[tuple[datetime, UUID]] = field(default_factory=list)

    def take(self, message: CountyMessage, at: datetime) -> None:
        self.pass_time(at)
        self.truth.take(message, at)
        event = read_event(message.body, (), publisher=message.publisher, family=message.family)
        match event:
            case Refused():
                self.count["refused"] += 1
            case Event() if (event.source, event.id) in self.casebook.seen:
                self.count["repeated"] += 1
            case Event():
                self.count["accepted"] += 1
                self.route(event, at)

    def route(self, event: Event, at: datetime) -> None:
        outcome = self.casebook.receive(event, at)
        if outcome is None:
            return
        self.outcomes.append(outcome)
        if outcome.look_again_at is not None:
            key = occurrence_id(occurrence_key(event))
            heapq.heappush(self.due, (outcome.look_again_at, key))

    def pass_time(self, at: datetime) -> None:
        """What waits for a departure waits no longer."""
        while self.due and self.due[0][0] <= at:
            when, key = heapq.heappop(self.due)
            case, rulebook = self.casebook.cases[key], self.casebook.rulebook
            again = route_again(case, self.casebook.register, rulebook, when, is_late=False)
            self.casebook._keep(again[0], again[1])

    def standing(self, key: str) -> list[ToBeTold]:
        """The duties that stand for an occurrence, of those of which the truth speaks."""
        case = self.casebook.cases[UUID(key)]
        contacts = self.truth.crowd.teams.contacts
        return [
            ToBeTold(
                self.truth_number(held),
                (held.instead_of or held.service).value,
                MASH if held.kind is NotificationKind.EXCEPTION else held.recipient,
            )
            for held in case.duties
            if held.state is not DutyState.WITHDRAWN
            and held.recipient not in contacts
            and (held.instead_of or held.service).value in SERVICES
        ]

    def truth_number(self, held: HeldDuty) -> str:
        about = held.about or {}
        if about["nhs_number"] is not None:
            return str(about["nhs_number"])
        name = about["name"]
        assert isinstance(name, dict)
        named = (str(name["given"]), str(name["family"]), str(about["date_of_birth"]))
        return self.truth.crowd.names[named]


def routed(messages: int) -> Run:
    """So many messages of a county at a real one's pace, and what waits after them."""
    places = places_of(staffordshire(), BEGUN.date())
    truth = CountyTruth(households_of(places, seed=SEED), staffordshire().files)
    county = County(places, SEED, minute=timedelta(minutes=1))
    run, at = Run(truth), BEGUN
    for when, message in islice(as_days_pass(county, BEGUN), messages):
        run.take(message, when)
        at = when
    run.pass_time(at + timedelta(hours=5))
    truth.wait_until(at + timedelta(hours=5))
    return run


def test_what_is_owed_is_what_the_county_knows_should_be() -> None:
    run = routed(MESSAGES)

    problems = [*untold_of(run), *differences(run), *told_twice(run)]
    kinds = Counter(problem.partition("|")[0] for problem in problems)
    assert not problems, "\n".join((f"{len(problems)}: {kinds}", *problems[:40]))
    assert run.count.total() == MESSAGES
    assert min(run.count["refused"], run.count["repeated"]) > MESSAGES / 500
    assert {UUID(key) for key in run.truth.occurrences} == set(run.casebook.cases)
    assert sum(len(one.standing) for one in run.truth.occurrences.values()) > MESSAGES


def untold_of(run: Run) -> Iterator[str]:
    """People of accepted events about whom there is neither a duty nor a reason why not."""
    for outcome in run.outcomes:
        about = [duty.about for duty in outcome.decision.duties if duty.about is not None]
        told = {one.nhs_number for one in about if one.nhs_number} | {one.ref for one in about}
        reasons = {each.about for each in outcome.decision.nobody}
        for person in people_of(outcome.data):
            if not {person.ref, person.nhs_number} & (told | reasons):
                yield f"no word of a person|{outcome.occurrence_key}: {person.ref}"


def told_twice(run: Run) -> Iterator[str]:
    """Who holds two duties about one person of one occurrence."""
    for key in run.truth.occurrences:
        for one, times in Counter(run.standing(key)).items():
            if times > 1:
                yield f"told twice|{key}: {one}"


def differences(run: Run) -> Iterator[str]:
    """Where the standing duties of an occurrence are not what the truth says they should be."""
    for key, one in run.truth.occurrences.items():
        owed = frozenset(run.standing(key))
        kind = next(name for name in KINDS if name in one.told)
        for missing in sorted(one.standing - owed):
            yield f"{KINDS[kind]}: {missing.service} not told|{key}: {missing}"
        for extra in sorted(owed - one.standing):
            yield f"{KINDS[kind]}: {extra.service} told besides|{key}: {extra}"
