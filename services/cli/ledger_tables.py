"""What the ledger answers, as tables: ids, teams, times and reasons; nobody's identity."""

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from services.cli.wording import counted, event_words, london_time, plain, short_london_time
from services.ledger.reading import DutyFound, EventFound, Queued


def event_page(event: EventFound, duties: Sequence[DutyFound]) -> RenderableType:
    """One event: where it came from, what was decided, what is owed, and who is not told."""
    facts = Table.grid(padding=(0, 2))
    for name, value in _facts(event).items():
        facts.add_row(name, Text(value))
    return Group(
        Text(f"{event_words(event.type)} {event.id}", style="bold"),
        facts,
        *_warnings(event),
        Text(),
        duties_table(duties),
        *_nobody(event),
        Text(),
    )


def duties_table(duties: Sequence[DutyFound]) -> RenderableType:
    """Duties, one a line."""
    table = Table(box=None, pad_edge=False)
    for name in ("Respond by", "Urgency", "State", "Service", "Recipient", "Note", "Duty"):
        table.add_column(name, no_wrap=name not in {"Note", "Recipient"})
    for duty in duties:
        table.add_row(
            short_london_time(duty.respond_by),
            plain(duty.urgency),
            plain(duty.state),
            duty.service.value,
            duty.recipient,
            _note(duty),
            str(duty.duty_id),
        )
    return Group(table, Text(counted(len(duties), "duty")))


def queue_table(queued: Sequence[Queued]) -> RenderableType:
    """Messages to a recipient, one a line."""
    table = Table(box=None, pad_edge=False)
    table.add_column("Number", justify="right")
    for name in ("Published", "Topic", "Partition", "Offset", "Duty"):
        table.add_column(name, no_wrap=True)
    for each in queued:
        table.add_row(
            _shown(each.recipient_sequence),
            _published(each),
            each.topic,
            str(each.partition),
            _shown(each.published_offset),
            _shown(each.duty_id),
        )
    return Group(table, Text(counted(len(queued), "message")))


def _facts(event: EventFound) -> dict[str, str]:
    decided = "not yet" if event.decided_at is None else london_time(event.decided_at)
    facts = {
        "source": event.source,
        "published": london_time(event.published_at),
        "received": london_time(event.received_at),
        "read from": f"{event.topic} partition {event.partition} offset {event.log_offset}",
        "occurrence": str(event.occurrence_id),
        "decided": decided,
        "rulebook": _shown(event.rulebook_hash),
    }
    return facts | ({"cancelled": "yes"} if event.is_cancelled else {})


def _warnings(event: EventFound) -> list[Text]:
    lines = [Text(f"  {warning.field}: {warning.reason}") for warning in event.warnings]
    return [Text(), Text("Warnings to the publisher", style="bold"), *lines] if lines else []


def _nobody(event: EventFound) -> list[Text]:
    lines = [
        Text(f"  about {item.about}, {_whom(item.service)}: {item.because}{_basis(item.basis)}")
        for item in event.nobody
    ]
    return [Text(), Text("Who is not told, and why", style="bold"), *lines] if lines else []


def _basis(basis: str | None) -> str:
    return "" if basis is None else f" (basis: {basis})"


def _whom(service: str | None) -> str:
    return "nobody" if service is None else plain(service)


def _note(duty: DutyFound) -> str:
    parts = []
    if duty.late:
        parts.append("late")
    if duty.instead_of is not None:
        parts.append(f"instead of {plain(duty.instead_of)}: {duty.because}")
    if duty.dead_letter_id is not None:
        parts.append("a message that could not be read")
    return "; ".join(parts)


def _published(each: Queued) -> str:
    if each.withdrawn_at is not None:
        return "withdrawn"
    return "waits" if each.published_at is None else short_london_time(each.published_at)


def _shown(value: object) -> str:
    return "" if value is None else str(value)
