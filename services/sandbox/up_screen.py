"""What `fieldfare up` shows: live on a terminal, else one plain line now and then."""

from collections import Counter, deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.table import Table
from rich.text import Text

_LONDON = ZoneInfo("Europe/London")
_PLAIN_EVERY = 5.0
_NOTES_SHOWN = 5
_STATES = (
    *("owed", "sent", "received", "acknowledged", "recorded", "done", "withdrawn", "closed"),
)


@dataclass(frozen=True, slots=True)
class Routed:
    """Duties owed at once: what happened, who is told how soon, and about how many people."""

    at: datetime
    event: str
    service: str
    recipient: str
    urgency: str
    is_exception: bool
    people: int = 1


@dataclass(frozen=True, slots=True)
class Picture:
    """What the ledger holds at a moment."""

    events: Mapping[str, int]
    """Events taken in, by family."""
    duties: Mapping[tuple[str, str], int]
    """Duties by service and state."""
    waiting: int
    """Messages in the outbox that are not yet on a topic."""
    dead_letters: int
    latest: tuple[Routed, ...]
    """The last few duties, newest first."""
    sources: Mapping[str, str] = field(default_factory=dict)
    """What has come of each source's own numbers, in words, by publisher."""


@dataclass(slots=True)
class Screen:
    """Shows pictures. `heading` names the servers; times are by the clock in London."""

    console: Console
    heading: str
    _live: Live | None = None
    _notes: deque[str] = field(default_factory=lambda: deque(maxlen=_NOTES_SHOWN))
    _last_line_at: float = float("-inf")

    @contextmanager
    def opened(self) -> Iterator[None]:
        """On a terminal the screen is drawn again in place inside; the last picture stays."""
        if not self.console.is_terminal:
            yield
            return
        with Live(console=self.console, auto_refresh=False) as self._live:
            yield

    def note(self, line: str, at: datetime) -> None:
        """Says something that a person should know: a process died, PostgreSQL is away."""
        noted = f"{_clock(at)}  {line}"
        if self._live is None:
            self.console.print(noted, soft_wrap=True, highlight=False)
        else:
            self._notes.append(noted)

    def show(self, picture: Picture, at: datetime, now: float) -> None:
        """Shows a picture; `at` is the time, `now` the same in seconds that never go back."""
        if self._live is not None:
            self._live.update(self.drawn(picture, at), refresh=True)
        elif now - self._last_line_at >= _PLAIN_EVERY:
            self._last_line_at = now
            self.console.print(plain_line(picture, at), soft_wrap=True, highlight=False)

    def drawn(self, picture: Picture, at: datetime) -> RenderableType:
        """The whole screen."""
        totals = Table.grid(padding=(0, 3))
        totals.add_row(_events(picture), Group(_rest(picture), *_sources(picture)))
        notes = [Text(line, style="yellow") for line in self._notes]
        return Group(
            Text(f"Fieldfare  {_clock(at)}  {self.heading}", style="bold"),
            Text(),
            totals,
            Text(),
            _duties(picture),
            Text(),
            Text("Latest", style="bold"),
            *[Text(routed_line(routed)) for routed in picture.latest],
            *([] if picture.latest else [Text("nothing yet", style="dim")]),
            *([Text(), *notes] if notes else []),
            Text(),
            Text("Ctrl-C stops everything; the data are kept.", style="dim"),
        )


def plain_line(picture: Picture, at: datetime) -> str:
    """The picture in one line."""
    states = Counter[str]()
    for (_, state), number in picture.duties.items():
        states[state] += number
    return (
        f"{_clock(at)}  events {sum(picture.events.values())}{_in_brackets(picture.events)}  "
        f"duties {states.total()}{_in_brackets({s: states[s] for s in _STATES if states[s]})}  "
        f"waiting {picture.waiting}  dead letters {picture.dead_letters}"
    )


def routed_line(routed: Routed) -> str:
    """`10:42:07  police domestic abuse → midwifery RJF:midwifery, same day`."""
    told = f"{routed.service} {routed.recipient}, {routed.urgency.replace('_', ' ')}"
    exception = ", since nobody else could be" if routed.is_exception else ""
    about = f" (about {routed.people} people)" if routed.people > 1 else ""
    return f"{_clock(routed.at)}  {routed.event} → {told}{exception}{about}"


def _events(picture: Picture) -> Table:
    table = Table("Events in", "", box=None, pad_edge=False)
    table.columns[1].justify = "right"
    for family, number in sorted(picture.events.items()):
        table.add_row(family, f"{number:,}")
    table.add_row("all", f"{sum(picture.events.values()):,}", style="bold")
    return table


def _rest(picture: Picture) -> Table:
    table = Table("Not delivered", "", box=None, pad_edge=False)
    table.columns[1].justify = "right"
    table.add_row("waiting in the outbox", f"{picture.waiting:,}")
    style = "red" if picture.dead_letters else ""
    table.add_row("dead letters (owned by MASH)", f"{picture.dead_letters:,}", style=style)
    return table


def _sources(picture: Picture) -> list[RenderableType]:
    if not picture.sources:
        return []
    table = Table("Sources", "", box=None, pad_edge=False)
    for publisher, told in sorted(picture.sources.items()):
        style = "" if told.endswith("missing: none") else "yellow"
        table.add_row(publisher, told, style=style)
    return [Text(), table]


def _duties(picture: Picture) -> Table:
    shown = [state for state in _STATES if any(s == state for _, s in picture.duties)]
    table = Table("Duties", box=None, pad_edge=False)
    for heading in (*shown, "all"):
        table.add_column(heading, justify="right")
    for service in sorted({service for service, _ in picture.duties}):
        numbers = [picture.duties.get((service, state), 0) for state in shown]
        table.add_row(service, *(f"{n:,}" if n else "" for n in numbers), f"{sum(numbers):,}")
    by_state = [sum(n for (_, s), n in picture.duties.items() if s == each) for each in shown]
    table.add_row("all", *(f"{n:,}" for n in by_state), f"{sum(by_state):,}", style="bold")
    return table


def _in_brackets(numbers: Mapping[str, int]) -> str:
    parts = ", ".join(f"{name} {number}" for name, number in numbers.items())
    return f" ({parts})" if parts else ""


def _clock(at: datetime) -> str:
    return f"{at.astimezone(_LONDON):%H:%M:%S}"
