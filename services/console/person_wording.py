"""How a person and what came of them is worded, on the page and on paper alike."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from schemas.person import Name
from services.console.wording import event_words, plain, publisher, sentence
from services.ledger.person_story import Line, PersonStory

_SHORT_HASH = 12


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A line of the timeline: when, what it concerns, and what happened; `event` if it is one."""

    at: datetime
    subject: str
    text: str
    duty_id: UUID | None = None
    occurrence_id: UUID | None = None


def title_of(story: PersonStory) -> str:
    """Whom the page is about. What has been lost is not called a child to come."""
    if story.is_unborn:
        return "A pregnancy that has ended" if story.is_lost else "Unborn child"
    return full_name(story.name) or "Name not known"


def full_name(name: Name | None) -> str:
    """Given and family name, as far as they are known."""
    return "" if name is None else " ".join(filter(None, (name.given, name.family)))


def shown_lines(
    lines: Iterable[Line], duties: Mapping[UUID, tuple[str, str]]
) -> tuple[ShownLine, ...]:
    """Lines in words; `duties` says by id which service and recipient a duty tells."""
    return tuple(_shown(line, duties) for line in lines)


def _shown(line: Line, duties: Mapping[UUID, tuple[str, str]]) -> ShownLine:
    if line.kind == "arrival":
        text = f"came in from {publisher(line.by)}"
        return ShownLine(line.at, event_words(line.what), text, occurrence_id=line.belongs_to)
    if line.kind == "decision":
        again = f", {plain(line.what)}" if line.what else ""
        text = f"decided by rulebook {line.by[:_SHORT_HASH]}{again}"
        return ShownLine(line.at, "Decision", text, occurrence_id=line.belongs_to)
    service, recipient = duties.get(line.belongs_to, ("", ""))
    subject = f"{sentence(service)} ({recipient})"
    match line.kind:
        case "duty":
            text = f"{plain(line.what)}, by {line.by}: {line.why}"
        case "receipt":
            text = f"{line.by} says {plain(line.what)} ({plain(line.why)})"
        case _:
            text = f"{line.why} was told that there is no answer: {plain(line.what)}"
    return ShownLine(line.at, subject, text, duty_id=line.belongs_to)
