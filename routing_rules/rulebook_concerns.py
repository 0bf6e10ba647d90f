"""Concerns that a rulebook hides from a service while it still tells it of another one.

Withhold blocks hide them (`but still`), and the disclosure table does, by parts that are needed to
read of some concerns at all. Where the table hides one, it makes no difference that a block does.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from routing_rules.boxes import Piece
from routing_rules.disclosure import Part
from routing_rules.document import Withhold
from routing_rules.proof_disclosure import Shown, shown
from routing_rules.proof_ground import Ground
from routing_rules.proof_reading import Reading
from routing_rules.subjects import MAYBE_FGM, MAYBE_SEXUAL_HEALTH, MAYBE_SEXUAL_HEALTH_SETTINGS
from routing_rules.vocabulary import FieldKind, words
from schemas.values import Concern, EventType, Service

_ANYTHING = frozenset(Part)
_SELF_HARM = frozenset(words((Concern.SELF_HARM, Concern.OVERDOSE)))
_OPENED_BY: Mapping[EventType, Mapping[Part, frozenset[str]]] = {
    EventType.EMERGENCY_ATTENDANCE: {
        Part.SEXUAL_HEALTH: frozenset(words(MAYBE_SEXUAL_HEALTH)),
        Part.SELF_HARM_DETAIL: _SELF_HARM,
    },
    EventType.MATERNITY_CONCERN: {Part.FGM: frozenset(words(MAYBE_FGM))},
    EventType.COMMUNITY_CONTACT: {Part.SEXUAL_HEALTH: frozenset(words(MAYBE_SEXUAL_HEALTH))},
}
"""Parts of a table that make a difference only where one of these concerns is there."""
_HIDING = frozenset({Part.SEXUAL_HEALTH, Part.FGM})
"""Those of them without which the concerns themselves cannot be read."""


@dataclass(frozen=True, slots=True, order=True)
class Named:
    """One value of a list field of the event: a concern, or a type of incident."""

    field: str
    word: str


Hidden = Mapping[Named, frozenset[Piece]]
"""What is hidden from a service by withhold blocks, and where."""


def hidden_from(service: Service, reading: Reading) -> Hidden:
    """What no notice for a service may carry, as `withholding.Withholding.hidden_from` says.

    All that any matching block names is hidden from whoever one matching block does not except.
    """
    kind = reading.space.type
    blocks = [each for each in reading.rulebook.document.withholds if each.event is kind]
    found: dict[Named, set[Piece]] = {}
    for hiding in blocks:
        for named in _named_by(hiding, reading):
            there = reading.space.flagged(named.field, named.word)
            for block in (each for each in blocks if service not in each.except_):
                layout = reading.space.layout
                both = layout.meeting(reading.matched(hiding), reading.matched(block))
                found.setdefault(named, set()).update(layout.meeting(both, [there]))
    return {named: frozenset(pieces) for named, pieces in found.items()}


def _named_by(block: Withhold, reading: Reading) -> Iterator[Named]:
    fields = reading.space.event_fields
    for condition in block.when:
        if fields[condition.field].kind is FieldKind.FLAGS:
            yield from (Named(condition.field, word) for word in sorted(condition.words))


def differing_concerns(one: Ground, another: Ground) -> Mapping[Service, tuple[Named, ...]]:
    """By service, what two rulebooks hide from it in different ways."""
    found: dict[Service, tuple[Named, ...]] = {}
    for service in Service:
        first, second = (hidden_from(service, each.reading) for each in (one, another))
        names = sorted({*first, *second})
        differing = tuple(each for each in names if first.get(each) != second.get(each))
        if differing:
            found[service] = differing
    return found


def open_to(service: Service, named: Named, reading: Reading) -> Iterator[Shown]:
    """Where a service that is told of the event may read that this is among it."""
    hidden = hidden_from(service, reading).get(named, ())
    kept_back = tuple(reading.boxes(sorted(hidden)))
    there = reading.space.flagged(named.field, named.word)
    for each in shown(reading, service, _parts_for(named, reading)):
        for piece in reading.space.layout.meeting([each.piece], [there]):
            yield Shown(piece, each.parts, (*each.kept_back, *kept_back))


def _parts_for(named: Named, reading: Reading) -> frozenset[Part]:
    """The parts of which a service needs one to read of it."""
    opened = _OPENED_BY.get(reading.space.type, {})
    needed = {part for part, among in opened.items() if part in _HIDING and named.word in among}
    return frozenset(needed) or _ANYTHING


def made_readable(part: Part, service: Service, reading: Reading) -> Iterator[Shown]:
    """Where it makes a difference to a service that its table allows a part."""
    space = reading.space
    among = _OPENED_BY.get(space.type, {}).get(part)
    hidden = hidden_from(service, reading) if part in _HIDING else {}
    for each in shown(reading, service, frozenset({part})):
        if among is None:
            yield each
            continue
        for word in (word for word in space.event_fields["concerns"].values if word in among):
            kept_back = reading.boxes(sorted(hidden.get(Named("concerns", word), ())))
            for piece in space.layout.meeting([each.piece], [space.flagged("concerns", word)]):
                yield Shown(piece, each.parts, (*each.kept_back, *kept_back))
        if space.type is EventType.COMMUNITY_CONTACT:
            setting = space.choose("setting", words(MAYBE_SEXUAL_HEALTH_SETTINGS))
            yield Shown(each.piece & setting, each.parts, each.kept_back)
