"""Reading `tell` lines: which service, where, how soon, and what it is asked.

As in `reading`, what cannot be read becomes a problem, and reading goes on.
"""

from routing_rules.document import Instead, Place, Tell, Unless
from routing_rules.loader_urgency import Matched, read_urgency
from routing_rules.loader_words import (
    ASKS,
    PLACES,
    SERVICES,
    Keys,
    read_block,
    read_list,
    read_text,
)
from routing_rules.source_text import Items, Node, Problems, Scalar, quoted

_ALWAYS = ("urgency", "ask")
_CASES = tuple(case.value for case in Unless)


def read_tell(node: Node, matched: Matched | None, problems: Problems) -> tuple[Tell, ...]:
    """All lines of `tell`; `matched` is what the rule matches, None where that is unreadable."""
    if isinstance(node, Items) and not node.items:
        problems.add(node.position, "nobody is told: name at least one service")
    tells = (_read_line(line, matched, problems) for line in read_list(node, problems))
    return tuple(tell for tell in tells if tell is not None)


def _read_line(node: Node, matched: Matched | None, problems: Problems) -> Tell | None:
    block = read_block(node, "a tell line", problems)
    if block is None:
        return None
    name, where = block.entries[0]
    if name.text in (*_ALWAYS, *_CASES):
        problems.add(name.position, "a tell line begins with its service")
        return None
    service = SERVICES.read(name, problems)
    place = _read_place(where, problems)
    keys = Keys("a tell line", (name.text, *_ALWAYS), _CASES).read(block, problems)
    asks = ASKS.read_all(keys["ask"], problems, may_be_empty=True) if "ask" in keys else ()
    urgency = read_urgency(keys["urgency"], matched, problems) if "urgency" in keys else None
    cases = ((case, keys[case.value]) for case in Unless if case.value in keys)
    instead = tuple(_read_instead(case, other, problems) for case, other in cases)
    if service is None or place is None or urgency is None:
        return None
    return Tell(
        service=service,
        place=place,
        urgency=urgency,
        asks=asks,
        position=node.position,
        instead=tuple(each for each in instead if each is not None),
    )


def _read_place(node: Node, problems: Problems) -> Place | None:
    scalar = read_text(node, problems)
    return None if scalar is None else PLACES.read(scalar, problems)


def _read_instead(case: Unless, node: Node, problems: Problems) -> Instead | None:
    """`midwifery of the home district`."""
    scalar = read_text(node, problems)
    if scalar is None:
        return None
    name, where = _split(scalar)
    if where is None:
        problems.add(
            scalar.position,
            f"{quoted(scalar.text)} is not a service and a place; "
            "write it as 'midwifery of the home district'",
        )
        return None
    service, place = SERVICES.read(name, problems), PLACES.read(where, problems)
    return None if service is None or place is None else Instead(case, service, place)


def _split(scalar: Scalar) -> tuple[Scalar, Scalar | None]:
    """A service's name and a place: cut where a known place begins, else after a service."""
    text, position = scalar.text, scalar.position
    for place in PLACES.meanings:
        if text.endswith(f" {place}"):
            return Scalar(text.removesuffix(place).strip(), position), Scalar(place, position)
    for service in SERVICES.meanings:
        if text.startswith(f"{service} "):
            return Scalar(service, position), Scalar(text.removeprefix(service).strip(), position)
    return scalar, None
