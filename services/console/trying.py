"""Trying an invented event in a rulebook. Pure: nothing is stored, and nothing is logged."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic_core import from_json

from routing_rules.explain import Casebook, explain
from routing_rules.rulebook import Rulebook
from schemas.events import Event, Refused
from schemas.nhs_number import checked_nhs_number
from schemas.occurrence import occurred_at
from schemas.reading import read_event
from services.console.showing import Line, shown_content
from services.runtime.errors import PermanentError

MOST_KNOWN = 50
"""So many earlier events are taken."""
_TEST_NUMBER = "999"


class Untryable(PermanentError):
    """What was typed is no event that can be tried; `told` says why, as a publisher would hear."""

    def __init__(self, field: str, told: Sequence[str]) -> None:
        super().__init__("it cannot be tried")
        self.field = field
        self.told = told


@dataclass(frozen=True, slots=True)
class ToldOf:
    """A duty that would be owed: to whom, by when, and what they could read."""

    service: str
    recipient: str
    about: str
    role: str
    urgency: str
    respond_by: datetime
    asks: Sequence[str]
    reasons: Sequence[Mapping[str, str]]
    handling: Sequence[str]
    safe_contact: str | None
    instead_of: str | None
    because: str | None
    content: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Tried:
    """What would come of an event: who would be told, who would not, and what each rule says."""

    type: str
    publisher: str
    happened: datetime
    published: datetime
    warnings: Sequence[Mapping[str, str]]
    told: tuple[ToldOf, ...]
    nobody: Sequence[Mapping[str, str]]
    fired: Sequence[Mapping[str, str]]
    not_fired: Sequence[Mapping[str, str]]


def try_event(rulebook: Rulebook, body: bytes, known: bytes) -> Tried:
    """What would come of an event, after the earlier ones (one a line). Raises `Untryable`."""
    if not body.strip():
        raise Untryable("event", ["Paste an event, or choose an example or a file"])
    event = _read(body, "event", "The event")
    casebook = Casebook(rulebook)
    try:
        for earlier in _known(known):
            casebook.receive(earlier, earlier.time)
        if (event.source, event.id) in casebook.seen:
            raise Untryable("known", ["The event itself is among the earlier ones"])
        explained: Any = explain(event, casebook, event.time)
    except LookupError as error:  # a day before the directory begins
        raise Untryable("event", [f"Nothing can be decided at that time: {error}"]) from None
    decision = explained["decision"]
    verdicts = decision["rules"]
    return Tried(
        type=event.type.value,
        publisher=event.source,
        happened=occurred_at(event.data, event.time),
        published=event.time,
        warnings=explained["warnings"],
        told=tuple(map(_told, decision["duties"])),
        nobody=decision["nobody"],
        fired=[each for each in verdicts if each["fired"]],
        not_fired=[each for each in verdicts if not each["fired"]],
    )


def _told(duty: Mapping[str, Any]) -> ToldOf:
    about = duty["about"] or {"ref": "what cannot be used", "role": ""}
    return ToldOf(
        service=duty["service"],
        recipient=duty["recipient"],
        about=about["ref"],
        role=about["role"],
        urgency=duty["urgency"],
        respond_by=duty["respond_by"],
        asks=duty["asks"],
        reasons=duty["reasons"],
        handling=duty["handling"],
        safe_contact=duty["safe_contact"],
        instead_of=duty["instead_of"],
        because=duty["because"],
        content=shown_content(duty["content"]),
    )


def _known(known: bytes) -> Iterator[Event]:
    lines = [line for line in known.splitlines() if line.strip()]
    if len(lines) > MOST_KNOWN:
        raise Untryable("known", [f"Use {MOST_KNOWN} earlier events or fewer"])
    for number, line in enumerate(lines, start=1):
        yield _read(line, "known", f"Earlier event {number}")


def _read(body: bytes, field: str, name: str) -> Event:
    """The event as if it had come on the topic that its own source and type name."""
    try:
        root = from_json(body)
    except ValueError:  # reading it says so in the contract's words
        root = None
    source, kind = "", ""
    if isinstance(root, dict):
        source, kind = str(root.get("source", "")), str(root.get("type", ""))
        if any(not each.startswith(_TEST_NUMBER) for each in _nhs_numbers(root)):
            told = (
                f"{name} has an NHS number that is no test number: use numbers that begin with "
                f"{_TEST_NUMBER}, and no real person's details"
            )
            raise Untryable(field, [told])
    family = kind.split(".")[1] if kind.count(".") > 1 else ""
    read = read_event(body, (), publisher=source.rsplit(":", 1)[-1], family=family)
    if isinstance(read, Refused):
        raise Untryable(field, [f"{name} would be refused: {read.field}: {read.reason}"])
    return read


def _nhs_numbers(root: object) -> Iterator[str]:
    """Whatever stands under a key that names NHS numbers, and every text that is one, as digits."""
    waiting = [root]
    while waiting:
        match waiting.pop():
            case dict() as entries:
                for key, value in entries.items():
                    if "nhs_number" in key and isinstance(value, str | int):
                        digits = "".join(filter(str.isdigit, str(value)))
                        yield from [digits] if digits else []
                    waiting.append(value)
            case list() as items:
                waiting.extend(items)
            case str() as text if _is_one(text):  # registers name people `from` and `to`
                yield "".join(filter(str.isdigit, text))
            case _:
                continue


def _is_one(text: str) -> bool:
    """Whether a text is an NHS number, however it is spaced."""
    try:
        return bool(checked_nhs_number(text))
    except ValueError:
        return False
