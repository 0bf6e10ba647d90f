"""Checking a gap: its example goes through the real engine, which must break the promise there."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import time

from routing_rules.cases_coverage import occasion_of
from routing_rules.data_quality import RULE as DATA_QUALITY
from routing_rules.decision import Decision, Json, OwedDuty
from routing_rules.directory import Team
from routing_rules.disclosure import CHILD_AT_PRACTICE, Disclosure
from routing_rules.example_events import CloudEvent, Example, example_of
from routing_rules.example_people import OTHER_REF
from routing_rules.example_times import Unbuildable
from routing_rules.explain import Casebook
from routing_rules.gap_point import Point, differing, points_of
from routing_rules.promises import PERPETRATOR_NAMED, Kind, Promise
from routing_rules.proof import Gap
from routing_rules.proof_needs import Need
from routing_rules.proof_space import Space
from routing_rules.rulebook import Rulebook
from routing_rules.vocabulary import Features, in_words
from schemas.events import Event, Refused
from schemas.reading import read_event
from schemas.values import NotificationKind, Role, Service, Urgency

_NOON, _NIGHT = time(12), time(3)
_MOST_URGENT_FIRST = tuple(Urgency)


@dataclass(frozen=True, slots=True)
class Checked:
    """A gap's example; `doubt` says why it does not show the gap, None where it does."""

    example: Example | None
    doubt: str | None


@dataclass(frozen=True, slots=True)
class Replayed:
    """What the engine made of an example, and of the one whom it is about."""

    decision: Decision
    duties: tuple[OwedDuty, ...]
    event: Features
    person: Features
    district: str | None


def checked_example(promise: Promise, gap: Gap, space: Space, rulebook: Rulebook) -> Checked:
    """The first example that can be made of a gap, replayed."""
    checked = Checked(None, None)
    for point in points_of(gap.piece, space):
        checked = _checked(promise, gap, point, rulebook)
        if checked.example is not None:
            break
    return checked


def _checked(promise: Promise, gap: Gap, point: Point, rulebook: Rulebook) -> Checked:
    doubt: str | None = None
    example: Example | None = None
    for at in (_NOON, _NIGHT) if promise.kind is Kind.NOT_DISCLOSED else (_NOON,):
        try:
            example = example_of(point, rulebook, at=at)
        except Unbuildable as why:
            return Checked(None, str(why))
        doubt = doubt_about(promise, gap.need, point, example, rulebook=rulebook)
        if doubt is None:
            return Checked(example, None)
    return Checked(example, doubt)


def doubt_about(
    promise: Promise, need: Need | None, point: Point, example: Example, *, rulebook: Rulebook
) -> str | None:
    """Why an example does not show that a promise is broken; None where it does."""
    replayed = replay(example, rulebook)
    if isinstance(replayed, str):
        return replayed
    fields = point.space.fields
    facts = {**replayed.event, **replayed.person}
    wrong = differing(point, facts, {n: f for n, f in fields.items() if n != PERPETRATOR_NAMED})
    if wrong:
        return f"the example came out otherwise in: {', '.join(wrong)}"
    if need is not None:
        is_broken = not any(meets_need(duty, need, replayed, rulebook) for duty in replayed.duties)
    elif promise.kind is Kind.NOBODY:
        is_broken = any(tells_of_the_event(duty) for duty in replayed.duties)
    else:
        is_broken = _discloses(promise, example, replayed, rulebook)
    return None if is_broken else "the engine keeps the promise for the example"


def replay(example: Example, rulebook: Rulebook) -> Replayed | str:
    """The example through the real engine, or why it cannot go through."""
    casebook = Casebook(rulebook)
    events: list[Event] = []
    for written in (*example.known, example.event):
        event = read(written)
        if isinstance(event, Refused):
            return f"the example is refused: {event.field}: {event.reason}"
        events.append(event)
    *known, asked = events
    for event in known:
        casebook.receive(event, event.time)
    outcome = casebook.receive(asked, example.published_at)
    assert outcome is not None  # noqa: S101 - the ids of an example are its own
    people = occasion_with_everybody(outcome.facts)
    about = example.about or next((ref for ref in people if ref.startswith("child-")), "")
    if about not in people:
        return "the register does not add the child to the example"
    person = people[about]
    duties = tuple(d for d in outcome.decision.duties if _is_about(d, about, person["role"]))
    district = person.pop("district of")
    return Replayed(
        decision=outcome.decision,
        duties=duties,
        event=occasion_of(outcome.facts).event,
        person=person,  # type: ignore[arg-type]
        district=None if district is None else str(district),
    )


def _is_about(duty: OwedDuty, ref: str, role: Json) -> bool:
    """Whether it is about a human: under any of their refs, but as an accused under that alone."""
    if duty.about is None:
        return False
    is_accused = role == in_words(Role.ALLEGED_PERPETRATOR)
    return duty.about.ref == ref or (duty.about.ref.startswith(OTHER_REF) and not is_accused)


def occasion_with_everybody(facts: Mapping[str, Json]) -> dict[str, dict[str, Json]]:
    """The features of everybody by ref, guarded or not, with the code of their district."""
    people = facts["people"]
    assert isinstance(people, list)  # noqa: S101 - so `Facts.as_json` makes them
    found: dict[str, dict[str, Json]] = {}
    for person in people:
        assert isinstance(person, dict)  # noqa: S101
        open_ = {**person, "guarded": False, "told_as": None}
        features = occasion_of({**facts, "people": [open_]}).people[str(person["ref"])]
        found[str(person["ref"])] = {**features, "district of": person["district"]}  # type: ignore[dict-item]
    return found


def read(written: CloudEvent) -> Event | Refused:
    """An event as the router would read it from the topic that its source and type name."""
    body = json.dumps(written).encode()
    publisher = str(written["source"]).rsplit(":", 1)[-1]
    return read_event(body, (), publisher=publisher, family=str(written["type"]).split(".")[1])


def tells_of_the_event(duty: OwedDuty) -> bool:
    """Whether a duty tells of what happened, and not only that a record is amiss."""
    return any(reason.rule != DATA_QUALITY for reason in duty.reasons)


def meets_need(duty: OwedDuty, need: Need, replayed: Replayed, rulebook: Rulebook) -> bool:
    """Whether a duty is what is needed: of the service or of MASH for it, in time, and asked."""
    if not tells_of_the_event(duty):
        return False
    is_exception = duty.kind is NotificationKind.EXCEPTION
    if is_exception and not (need.or_mash and duty.instead_of in need.services):
        return False
    if not is_exception and duty.service not in need.services:
        return False
    if need.within is not None and _later(duty.urgency, need.within):
        return False
    if need.ask is not None and need.ask not in duty.asks:
        return False
    return not need.at_home or duty.recipient in _home_teams(duty.service, replayed, rulebook)


def _later(urgency: Urgency, bound: Urgency) -> bool:
    return _MOST_URGENT_FIRST.index(urgency) > _MOST_URGENT_FIRST.index(bound)


def _home_teams(service: Service, replayed: Replayed, rulebook: Rulebook) -> Iterator[str]:
    directory = rulebook.directory
    for team in directory.served.get((service, replayed.district or ""), ()):
        if isinstance(team, Team):
            yield team.recipient


def _discloses(promise: Promise, example: Example, replayed: Replayed, rulebook: Rulebook) -> bool:
    """Whether a notice would say less, did the table not allow the parts."""
    kept = replay(example, replace(rulebook, disclosure=_without(promise, rulebook)))
    assert isinstance(kept, Replayed)  # noqa: S101 - it went through before
    before = {duty.recipient: duty.content for duty in replayed.duties}
    after = {duty.recipient: duty.content for duty in kept.duties}
    return before != after


def _without(promise: Promise, rulebook: Rulebook) -> Disclosure:
    names = {in_words(service).replace("-", " ") for service in promise.services}
    names |= {CHILD_AT_PRACTICE} if Service.GP in promise.services else set()
    return Disclosure(
        {
            (kind, name): parts - promise.parts if name in names else parts
            for (kind, name), parts in rulebook.disclosure.allowed.items()
        }
    )
