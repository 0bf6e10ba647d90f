"""A county's messages through reading and routing in memory, beside what its own truth says."""

import heapq
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from uuid import NAMESPACE_OID, UUID, uuid5

from routing_rules.case import Case, DutyChange, HeldDuty, Outcome
from routing_rules.dead_letters import owe_dead_letter
from routing_rules.explain import Casebook
from routing_rules.learning import Learned
from routing_rules.subjects import people_of
from schemas.events import Event, Refused, RegisterData
from schemas.occurrence import occurrence_id, occurrence_key
from schemas.reading import read_event
from schemas.values import DutyState, EventType, NotificationKind
from services.sandbox.county import County, CountyMessage
from services.sandbox.county_days import as_days_pass
from services.sandbox.county_people import HOMES, households_of
from services.sandbox.county_places import places_of
from services.sandbox.county_rare_people import rare_households
from services.sandbox.county_truth import CountyTruth
from services.sandbox.county_truth_pathways import SERVICES
from services.sandbox.county_truth_recipients import MASH, ToBeTold
from tests.builders import staffordshire
from tests.rules.county_coverage import Coverage

BEGUN = datetime(2026, 10, 5, 6, tzinfo=UTC)
ENDS = ("decided", "registered", "repeated", "dead letters")
"""What a message can end as."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """Of whom a decision says something: all that is kept of it, for many are made."""

    told_about: frozenset[str]
    reasons: frozenset[str]
    present: frozenset[str]
    because: tuple[str, ...]

    @classmethod
    def of(cls, outcome: Outcome) -> "Spoken":
        """By ref: who is told about, of whom nobody is, and who stands in it."""
        about = {d.about.ref for d in outcome.decision.duties if d.about is not None}
        reasons = {one.about for one in outcome.decision.nobody} - about
        present = {person.ref for person in people_of(outcome.data)} | about | reasons
        because = tuple(one.because for one in outcome.decision.nobody)
        return cls(frozenset(about), frozenset(reasons), frozenset(present), because)


@dataclass(slots=True)
class Waiting(Casebook):
    """A casebook that keeps when time alone may change what was decided last, as a ledger does."""

    due: dict[UUID, datetime] = field(default_factory=dict)
    _queue: list[tuple[datetime, UUID]] = field(default_factory=list)

    def _keep(self, case: Case, outcome: Outcome, learned: Learned) -> None:
        Casebook._keep(self, case, outcome, learned)
        self.due.pop(case.occurrence_id, None)
        if outcome.look_again_at is not None:
            self.due[case.occurrence_id] = outcome.look_again_at
            heapq.heappush(self._queue, (outcome.look_again_at, case.occurrence_id))

    def due_by(self, at: datetime) -> Iterator[tuple[datetime, UUID]]:
        """What is to be looked at again by then, in order; what comes of that may be as well."""
        while self._queue and self._queue[0][0] <= at:
            when, key = heapq.heappop(self._queue)
            if self.due.get(key) == when:
                del self.due[key]
                yield when, key


@dataclass(slots=True)
class Run:
    """A county's messages, routed in memory in the order in which they came in."""

    truth: CountyTruth
    casebook: Waiting = field(default_factory=lambda: Waiting(staffordshire()))
    count: Counter[str] = field(default_factory=Counter)
    types: Counter[EventType] = field(default_factory=Counter)
    latest: dict[UUID, Spoken] = field(default_factory=dict)
    untold: list[str] = field(default_factory=list)
    dead_letter_duties: list[DutyChange] = field(default_factory=list)
    coverage: Coverage = field(default_factory=lambda: Coverage(staffordshire()))
    kinds: dict[UUID, EventType] = field(default_factory=dict)

    def take(self, message: CountyMessage, at: datetime) -> None:
        self.pass_time(at)
        self.truth.take(message, at)
        self.count["messages"] += 1
        event = read_event(message.body, (), publisher=message.publisher, family=message.family)
        match event:
            case Refused():
                self.refuse(event, at)
            case Event() if (event.source, event.id) in self.casebook.seen:
                self.count["repeated"] += 1
            case Event():
                self.types[event.type] += 1
                self.route(event, at)

    def refuse(self, refused: Refused, at: datetime) -> None:
        self.count["dead letters"] += 1
        letter = uuid5(NAMESPACE_OID, str(self.count["messages"]))
        self.dead_letter_duties += owe_dead_letter(
            letter, refused.field, refused.reason, self.casebook.rulebook, at
        )

    def route(self, event: Event, at: datetime) -> None:
        outcome = self.casebook.receive(event, at)
        if outcome is None:
            self.count["registered"] += isinstance(event.data, RegisterData)
            return
        self.count["decided"] += 1
        self.untold += untold_of(outcome)
        key = occurrence_id(occurrence_key(event))
        self.kinds[key] = event.type
        self._note(key, outcome)

    def _note(self, key: UUID, outcome: Outcome) -> None:
        self.latest[key] = Spoken.of(outcome)
        self.casebook.told.clear()  # what a notification says is compared with nothing
        self.coverage.take(self.kinds[key], outcome)

    def pass_time(self, at: datetime) -> None:
        """What waits for a departure, or an arrival, waits no longer."""
        for when, key in self.casebook.due_by(at):
            self._note(key, self.casebook.decide_again(key, when))

    def standing(self, key: str) -> list[ToBeTold]:
        """The duties that stand for an occurrence, of those of which the truth speaks."""
        case = self.casebook.cases[UUID(key)]
        return [
            as_to_be_told(held, self.truth)
            for held in case.duties
            if is_spoken_of(held, self.truth)
        ]


def is_spoken_of(held: HeldDuty, truth: CountyTruth) -> bool:
    """Whether a duty stands, and is one of which the truth speaks."""
    return (
        held.state is not DutyState.WITHDRAWN
        and held.recipient not in truth.crowd.teams.contacts
        and (held.instead_of or held.service).value in SERVICES
    )


def as_to_be_told(held: HeldDuty, truth: CountyTruth) -> ToBeTold:
    """A duty in the truth's words."""
    return ToBeTold(
        _true_number(held, truth),
        (held.instead_of or held.service).value,
        MASH if held.kind is NotificationKind.EXCEPTION else held.recipient,
    )


def _true_number(held: HeldDuty, truth: CountyTruth) -> str:
    """Who somebody truly is; an unborn child is its pregnancy's, also once it is born."""
    if held.person_key.startswith("unborn:"):
        return held.person_key
    about = held.about or {}
    if about["nhs_number"] is not None:
        return truth.true_number(str(about["nhs_number"]))
    name = about["name"]
    assert isinstance(name, dict)
    named = (str(name["given"]), str(name["family"]), str(about["date_of_birth"]))
    return truth.crowd.names[named]


def messages_of(
    seed: int, messages: int, *, homes: int = HOMES
) -> Iterator[tuple[datetime, CountyMessage]]:
    """So many messages of a county at a real one's pace, each with when it is published."""
    places = places_of(staffordshire(), BEGUN.date())
    county = County(places, seed, minute=timedelta(minutes=1), homes=homes)
    return islice(as_days_pass(county, BEGUN), messages)


def truth_of(seed: int, *, homes: int = HOMES) -> CountyTruth:
    """The truth about the same county, of which nothing has been published yet."""
    places = places_of(staffordshire(), BEGUN.date())
    people = (*households_of(places, seed=seed, count=homes), *rare_households(places).values())
    return CountyTruth(people, staffordshire().files)


def routed(seed: int, messages: int, *, homes: int = HOMES) -> Run:
    """So many messages of a county at a real one's pace, and what waits after them."""
    run, at = Run(truth_of(seed, homes=homes)), BEGUN
    for when, message in messages_of(seed, messages, homes=homes):
        run.take(message, when)
        at = when
    run.pass_time(at + timedelta(hours=5))
    run.truth.wait_until(at + timedelta(hours=5))
    return run


def problems_of(run: Run) -> list[str]:
    """Everything that is not accounted for; each begins with its kind, up to a bar."""
    return [*unaccounted(run), *run.untold, *differences(run), *told_twice(run)]


def unaccounted(run: Run) -> Iterator[str]:
    """Messages and occurrences that ended as nothing."""
    if sum(run.count[end] for end in ENDS) != run.count["messages"]:
        yield f"messages do not add up|{run.count}"
    if len({each.held.duty_id for each in run.dead_letter_duties}) < run.count["dead letters"]:
        yield "a dead letter that nobody owns|"
    told, decided = {UUID(key) for key in run.truth.occurrences}, set(run.casebook.cases)
    for key in sorted(told ^ decided):
        yield f"only the {'truth' if key in told else 'router'} knows of it|{key}"


def untold_of(outcome: Outcome) -> Iterator[str]:
    """People of an accepted event about whom there is neither a duty nor a reason why not."""
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
    for key in run.truth.occurrences:
        yield from differences_of(run.truth, key, frozenset(run.standing(key)))


def differences_of(truth: CountyTruth, key: str, owed: frozenset[ToBeTold]) -> Iterator[str]:
    """Where what is owed for one occurrence is not what the truth says, item by item."""
    one = truth.occurrences[key]
    told = {replace(each, number=truth.true_number(each.number)) for each in one.standing}
    for missing in sorted(told - owed):
        yield f"{one.kind}: {missing.service} not told|{key}: {missing}"
    for extra in sorted(owed - told):
        yield f"{one.kind}: {extra.service} told besides|{key}: {extra}"
