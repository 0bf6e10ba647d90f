"""Rules, withhold blocks and promises in plain words, in the order in which one reads them out."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from routing_rules.conditions import allowed_in_words
from routing_rules.document import Condition, Rule, Tell, UrgencyByField, Withhold
from routing_rules.fields import phrase_of
from routing_rules.promises import Kind, Promise
from routing_rules.rulebook import Rulebook
from routing_rules.source_text import Position
from schemas.values import EventType, Service, Urgency
from services.console.wording import plain, sentence

Lines = tuple[tuple[str, str], ...]
"""Labels, and what stands beside each."""


@dataclass(frozen=True, slots=True)
class Block:
    """A rule or a withhold block as it is shown; `services` are those whom it speaks of."""

    name: str
    why: str
    event: EventType
    lines: Lines
    sources: tuple[str, ...]
    owner: str
    review_by: date | None
    position: Position
    services: frozenset[Service]
    withholds: bool = False
    pathways: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """All of it, to be searched in."""
        said = (f"{label} {text}" for label, text in self.lines)
        parts = (self.name, self.why, *said, *self.sources, self.owner, *self.pathways)
        return " ".join(parts).casefold()


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which blocks somebody looks for; an empty text is any."""

    event: str = ""
    service: str = ""
    owner: str = ""
    source: str = ""
    text: str = ""

    def wants(self, block: Block) -> bool:
        """Whether all that was asked for is so."""
        return (
            self.event in ("", block.event.value)
            and (not self.service or self.service in block.services)
            and self.owner in ("", block.owner)
            and self.source in ("", *block.sources, *block.pathways)
            and all(word in block.text for word in self.text.casefold().split())
        )


def blocks_of(rulebook: Rulebook) -> tuple[Block, ...]:
    """Every rule and withhold block, by kind of event and then as they stand in the files."""
    document = rulebook.document
    found = (*map(_rule, document.rules), *map(_withhold, document.withholds))
    order = list(EventType)
    return tuple(sorted(found, key=lambda b: (order.index(b.event), b.withholds, b.position)))


def event_title(event: EventType) -> str:
    """A kind of event as a heading."""
    return sentence(phrase_of(event))


def conditions_in_words(conditions: Iterable[Condition]) -> str:
    """All that must hold: `role: victim; age: under 18 or unknown`."""
    return "; ".join(f"{each.field}: {allowed_in_words(each)}" for each in conditions)


def services_in_words(services: Iterable[Service]) -> str:
    """Services by name, in the order of the alphabet."""
    return ", ".join(sorted(plain(each) for each in services)) or "nobody"


def promised(promise: Promise) -> Lines:
    """What a promise says."""
    return tuple(_promised(promise))


def _rule(rule: Rule) -> Block:
    return Block(
        name=rule.name,
        why=rule.why,
        event=rule.event,
        lines=tuple(_rule_lines(rule)),
        sources=rule.sources,
        owner=rule.owner,
        review_by=rule.review_by,
        position=rule.position,
        services=frozenset(_services(rule.tell)),
        pathways=rule.pathways,
    )


def _services(tells: Sequence[Tell]) -> Iterator[Service]:
    for tell in tells:
        yield tell.service
        yield from (other.service for other in tell.instead)


def _rule_lines(rule: Rule) -> Iterator[tuple[str, str]]:
    yield from _matching(rule.when, rule.about)
    for tell in rule.tell:
        yield "Tells", f"{plain(tell.service)} {tell.place}"
        for other in tell.instead:
            yield sentence(other.when.value), f"{plain(other.service)} {other.place}"
        yield "How soon", _how_soon(tell.urgency)
        yield "Asks them to", ", ".join(plain(ask) for ask in tell.asks) or "know only"
    if rule.once_per_days is not None:
        yield "How often", f"once in {rule.once_per_days} days for one person"


def _matching(
    when: tuple[Condition, ...], about: tuple[Condition, ...]
) -> Iterator[tuple[str, str]]:
    if when:
        yield "When the event has", conditions_in_words(when)
    yield "About each person with", conditions_in_words(about) or "any role"


def _how_soon(urgency: Urgency | UrgencyByField) -> str:
    if isinstance(urgency, Urgency):
        return plain(urgency)
    words: dict[str, list[str]] = {}
    for word, each in urgency.by_word.items():
        words.setdefault(plain(each), []).append(word)
    said = (f"{each} if {urgency.field} is {' or '.join(these)}" for each, these in words.items())
    return "; ".join(said)


def _withhold(block: Withhold) -> Block:
    still = frozenset(service for each in block.but_still for service in each.services)
    return Block(
        name=block.name,
        why=block.why or "",
        event=block.event,
        lines=tuple(_withhold_lines(block)),
        sources=block.sources,
        owner=block.owner or "",
        review_by=block.review_by,
        position=block.position,
        services=block.except_ | still,
        withholds=True,
    )


def _withhold_lines(block: Withhold) -> Iterator[tuple[str, str]]:
    yield from _matching(block.when, block.about)
    yield "Withheld from all but", services_in_words(block.except_)
    for each in block.but_still:
        words = conditions_in_words(each.when)
        yield "Still told of another concern", f"{services_in_words(each.services)} ({words})"
    if block.basis:
        yield "Lawful basis", block.basis


def _promised(promise: Promise) -> Iterator[tuple[str, str]]:
    yield "In", phrase_of(promise.event)
    yield from _matching(promise.when, promise.about)
    services = services_in_words(promise.services)
    match promise.kind:
        case Kind.NOBODY:
            yield "Promised", "nobody is told"
        case Kind.NOT_DISCLOSED:
            parts = ", ".join(sorted(plain(part) for part in promise.parts))
            yield "Promised", f"no {parts} can be read by {services}"
        case _:
            yield "Promised", f"{promise.kind.value}: {services}"
    if promise.within is not None:
        yield "Within", plain(promise.within)
    if promise.asks:
        yield "Asked to", ", ".join(plain(ask) for ask in promise.asks)
    if promise.unless_withheld_by:
        yield "Unless withheld by", "; ".join(promise.unless_withheld_by)
