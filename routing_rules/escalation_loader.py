"""Reads a rulebook's `escalation.yaml`; problems come all at once, with file, line and column."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise, product
from typing import TypeVar

from routing_rules.awaited import Unmet
from routing_rules.directory import COUNTY, Directory, Team
from routing_rules.escalation import Escalation, Ladder, LadderStep, OnCall, Told
from routing_rules.reading import read_word, read_words
from routing_rules.section import Section, section
from routing_rules.service_hours import ROUND_THE_CLOCK
from routing_rules.settings import Elapsed, ResponseTime, WorkingDays
from routing_rules.settings_phrases import read_length, read_response_time
from routing_rules.source_text import Items, Node, Position, Problems, Scalar, quoted, read_yaml
from routing_rules.vocabulary import in_words
from schemas.values import Service, Urgency

ESCALATION_FILE = "escalation.yaml"

_WORD = "[A-Za-z0-9][A-Za-z0-9-]*"
_RECIPIENT = re.compile(f"({_WORD}):({_WORD}):{_WORD}")
_AT_ONCE: ResponseTime = Elapsed(timedelta())
_UNMET = {in_words(unmet): unmet for unmet in Unmet}
_URGENCIES = {in_words(urgency): urgency for urgency in Urgency}
_SERVICES = tuple(s for s in Service if s not in {Service.GP, Service.MASH})
_Pair = tuple[Unmet, Urgency]
_Word = TypeVar("_Word")


def load_escalation(text: str, directory: Directory, problems: Problems) -> Escalation:
    """The ladders that the text states.

    When it adds a problem, a placeholder stands for what could not be read, and the caller must
    refuse the rulebook.
    """
    root = read_yaml(ESCALATION_FILE, text, problems)
    if root is None:
        problems.add(Position(ESCALATION_FILE), "no ladders can be read here")
        top = Section(None, problems)
    else:
        top = section(root, ("on call", "late after", "ladders"), problems)
    return Escalation(
        on_call=_on_call(top, directory),
        late_after=top.phrase("late after", read_length, timedelta()),
        ladders=_ladders(top),
    )


def _on_call(top: Section, directory: Directory) -> OnCall:
    person = top.section("on call", ("name", "role", "recipient"))
    recipient = person.phrase("recipient", _read_recipient, "")
    organisation, service, *_ = recipient.split(":") if recipient else ("", Service.SOCIAL_CARE)
    place = person.place("recipient") or Position(ESCALATION_FILE)
    if organisation in {
        team.organisation for team in directory.served.get((Service.MASH, COUNTY), ())
    }:
        top.problems.add(place, "the person on call must be outside MASH")
    elif recipient and organisation not in directory.organisations:
        top.problems.add(place, f"'{organisation}' is not an organisation that is listed")
    team = Team(
        recipient=recipient,
        service=Service(service),
        serves="",
        school_types=frozenset(),
        organisation=organisation,
        valid_from=date.min,
        valid_until=None,
        hours=ROUND_THE_CLOCK,
        out_of_hours=None,
        position=place,
    )
    return OnCall(
        name=person.phrase("name", read_words, ""),
        role=person.phrase("role", read_words, ""),
        team=team,
    )


def _read_recipient(scalar: Scalar, problems: Problems) -> str | None:
    """A queue of one person: `organisation:service:name`."""
    found = _RECIPIENT.fullmatch(scalar.text)
    if found is None:
        message = f"{quoted(scalar.text)} is not a person's queue; write organisation:service:name"
        problems.add(scalar.position, message)
        return None
    service = Scalar(found[2], scalar.position)
    return scalar.text if read_word(service, "a service", _SERVICES, problems) else None


def _ladders(top: Section) -> Mapping[_Pair, Ladder]:
    """One ladder for every silence of every urgency; none twice, none left out."""
    node = top.node.get("ladders") if top.node else None
    if node is None:
        return {}
    if not isinstance(node, Items):
        top.problems.add(node.position, "a list of ladders is expected here")
        return {}
    before = len(top.problems.found)
    ladders: dict[_Pair, Ladder] = {}
    for item in node.items:
        block = section(item, ("when", "of", "tell", "again every"), top.problems)
        ladder = _ladder(block, item.position)
        for pair in product(_several(block, "when", _UNMET), _several(block, "of", _URGENCIES)):
            if pair in ladders:
                message = f"what is {_named(pair)} has a ladder already"
                top.problems.add(item.position, message)
            ladders[pair] = ladder
    missing = [pair for pair in product(Unmet, Urgency) if pair not in ladders]
    if missing and len(top.problems.found) == before:
        names = "; ".join(map(_named, missing))
        top.problems.add(node.position, f"nobody is told when it is {names}")
    return ladders


def _named(pair: _Pair) -> str:
    unmet, urgency = map(in_words, pair)
    return f"{unmet} and {urgency}"


def _several(block: Section, key: str, words: Mapping[str, _Word]) -> tuple[_Word, ...]:
    def read(scalar: Scalar, problems: Problems) -> _Word | None:
        word = read_word(scalar, f"a word for '{key}'", tuple(words), problems)
        return None if word is None else words[word]

    return block.phrases(key, read)


def _ladder(block: Section, place: Position) -> Ladder:
    """A ladder whose steps come in order of time and of person, the last being outside MASH."""
    node = block.node.get("tell") if block.node else None
    steps: list[LadderStep] = []
    before = len(block.problems.found)
    if isinstance(node, Items):
        steps = [_step(item, block.problems) for item in node.items]
        place = node.position
    elif node is not None:
        block.problems.add(node.position, "a list of steps is expected here")
    if node is not None and len(block.problems.found) == before:
        _check_order(steps, place, block.problems)
    return Ladder(tuple(steps), block.phrase("again every", _read_interval, _AT_ONCE))


def _check_order(steps: Sequence[LadderStep], place: Position, problems: Problems) -> None:
    told = [step.tell for step in steps]
    if not told or told[-1] is not Told.ON_CALL:
        message = "a ladder must end with 'on call', who is outside MASH: silence must not return"
        problems.add(place, message)
    if len(set(told)) < len(told) or told != sorted(told, key=tuple(Told).index):
        problems.add(place, f"each is told once, in this order: {', '.join(Told)}")
    if any(_is_before(two.after, one.after) for one, two in pairwise(steps)):
        problems.add(place, "a step cannot come before the one above it")


def _step(node: Node, problems: Problems) -> LadderStep:
    step = section(node, ("tell", "after", "urgency"), problems)
    return LadderStep(
        tell=step.phrase("tell", _read_told, Told.ON_CALL),
        after=step.phrase("after", _read_after, _AT_ONCE),
        urgency=step.phrase("urgency", _read_urgency, Urgency.IMMEDIATE),
    )


def _read_told(scalar: Scalar, problems: Problems) -> Told | None:
    word = read_word(scalar, "somebody to tell", tuple(Told), problems)
    return None if word is None else Told(word)


def _read_urgency(scalar: Scalar, problems: Problems) -> Urgency | None:
    word = read_word(scalar, "an urgency", tuple(_URGENCIES), problems)
    return None if word is None else _URGENCIES[word]


def _read_after(scalar: Scalar, problems: Problems) -> ResponseTime | None:
    return _AT_ONCE if scalar.text == "at once" else _read_interval(scalar, problems)


def _read_interval(scalar: Scalar, problems: Problems) -> ResponseTime | None:
    found = read_response_time(scalar, problems)
    if found == WorkingDays(0):
        problems.add(scalar.position, "at least one working day, or hours")
    return found


def _is_before(one: ResponseTime, two: ResponseTime) -> bool:
    """Whether it is surely sooner; hours and working days cannot be compared, but at once can."""
    match one, two:
        case Elapsed(), Elapsed():
            return one.time < two.time
        case WorkingDays(), WorkingDays():
            return one.days < two.days
        case _:
            return one == _AT_ONCE != two
