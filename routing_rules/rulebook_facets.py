"""Facets: what a rulebook does for a service, each as the pieces in which it does it.

Two rulebooks mean the same when all their facets are equal, however their texts differ.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from routing_rules.boxes import Box, Piece
from routing_rules.directory import Team
from routing_rules.disclosure import Part
from routing_rules.no_team import NoTeam
from routing_rules.proof_disclosure import reaching
from routing_rules.proof_ground import Ground
from routing_rules.proof_needs import Need, answered, meeting_pieces, services_in_words
from routing_rules.proof_tellings import Telling
from routing_rules.rulebook_concerns import (
    Named,
    differing_concerns,
    made_readable,
    open_to,
)
from routing_rules.vocabulary import in_words
from schemas.values import Ask, Service, Urgency


class Aspect(StrEnum):
    """What of a rulebook's doing differs."""

    TOLD = "told"
    TIMING = "timing"
    ASKED = "asked"
    TEAM = "team"
    DISCLOSURE = "disclosure"


@dataclass(frozen=True, slots=True)
class Facet:
    """One thing that may be done for a service, in words: `midwifery is told`."""

    aspect: Aspect
    service: Service
    words: str


@dataclass(frozen=True, slots=True)
class Extent:
    """Where a facet holds, and by whose doing; nowhere in `but_not`."""

    telling: Telling
    pieces: tuple[Piece, ...]
    but_not: tuple[Box, ...] = ()


Facets = Mapping[Facet, Sequence[Extent]]


@dataclass(frozen=True, slots=True)
class Disclosed:
    """By service, what two rulebooks let it read of an event in different ways."""

    parts: Mapping[Service, frozenset[Part]]
    concerns: Mapping[Service, tuple[Named, ...]]


def facets_of(ground: Ground, differing: Disclosed) -> Facets:
    """Every facet of a rulebook on a ground; one that holds nowhere is left out.

    Of what may be read only this is looked at: whoever is told reads the rest alike.
    """
    found: dict[Facet, list[Extent]] = {}
    for telling in ground.tellings:
        for facet, extent in _of_telling(telling, ground, differing):
            if extent.pieces:
                found.setdefault(facet, []).append(extent)
    return found


def told_facet(service: Service) -> Facet:
    """That a team of this service is told."""
    return Facet(Aspect.TOLD, service, f"{services_in_words([service])} is told")


def _of_telling(
    telling: Telling, ground: Ground, differing: Disclosed
) -> Iterator[tuple[Facet, Extent]]:
    for service in sorted(telling.services_told):
        yield from _of_service(telling, service, ground)
    if any(answer.or_else for answer in telling.answers):
        yield from _of_unresolved(telling, ground)
    instead = ground.meeting(telling.pieces, _unplaced(telling, ground))
    words = f"MASH owns it instead of {services_in_words([telling.service])}"
    yield Facet(Aspect.TOLD, telling.service, words), Extent(telling, tuple(instead))
    for service, parts in differing.parts.items():
        yield from _disclosed(telling, service, parts, ground)
    for service, concerns in differing.concerns.items():
        yield from _named(telling, service, concerns, ground)


def _of_service(
    telling: Telling, service: Service, ground: Ground
) -> Iterator[tuple[Facet, Extent]]:
    told = tuple(meeting_pieces(Need((service,)), telling, ground))
    if not told:
        return
    yield told_facet(service), Extent(telling, told)
    name = services_in_words([service])
    for urgency in Urgency:
        pieces = tuple(meeting_pieces(Need((service,), urgency), telling, ground))
        words = f"{name} is told within {in_words(urgency)}"
        yield Facet(Aspect.TIMING, service, words), Extent(telling, pieces)
    days = telling.rule.once_per_days
    often = "every time" if days is None else f"once in {days} days"
    yield Facet(Aspect.TIMING, service, f"{name} is told {often}"), Extent(telling, told)
    for ask in Ask:
        pieces = tuple(meeting_pieces(Need((service,), ask=ask), telling, ground))
        yield Facet(Aspect.ASKED, service, f"{name} is asked to {ask}"), Extent(telling, pieces)
    for answer in telling.answers:
        if isinstance(answer.found, Team) and answer.found.service is service:
            where = ground.meeting(telling.pieces, [ground.reading.asked(answer)])
            facet = Facet(Aspect.TEAM, service, f"{answer.found.recipient} is told")
            yield facet, Extent(telling, tuple(where))


def _of_unresolved(telling: Telling, ground: Ground) -> Iterator[tuple[Facet, Extent]]:
    """What is done for whoever the event alone decides: a team of that service, else MASH."""
    service = telling.service
    name = f"{services_in_words([service])} {telling.place}, else MASH,"
    yield Facet(Aspect.TOLD, service, f"{name} is told"), Extent(telling, telling.pieces)
    for urgency in Urgency:
        pieces = tuple(meeting_pieces(Need((service,), urgency, or_mash=True), telling, ground))
        words = f"{name} is told within {in_words(urgency)}"
        yield Facet(Aspect.TOLD, service, words), Extent(telling, pieces)
    for ask in telling.tell.asks:
        facet = Facet(Aspect.TOLD, service, f"{name} is asked to {ask}")
        yield facet, Extent(telling, telling.pieces)


def _unplaced(telling: Telling, ground: Ground) -> Sequence[Piece]:
    """Where MASH owns it for certain."""
    sure = [each for each in telling.answers if not each.or_else]
    none = tuple(each for each in sure if isinstance(each.found, NoTeam))
    return answered(none, ground.reading)


def _disclosed(
    telling: Telling, service: Service, parts: frozenset[Part], ground: Ground
) -> Iterator[tuple[Facet, Extent]]:
    where = reaching(ground, service).get(telling, ())
    for part in sorted(parts) if where else ():
        for each in made_readable(part, service, ground.reading):
            words = f"{services_in_words([service])} may read: {part}"
            pieces = tuple(ground.meeting(where, [each.piece]))
            yield Facet(Aspect.DISCLOSURE, service, words), Extent(telling, pieces, each.kept_back)


def _named(
    telling: Telling, service: Service, concerns: Sequence[Named], ground: Ground
) -> Iterator[tuple[Facet, Extent]]:
    where = reaching(ground, service).get(telling, ())
    for named in concerns if where else ():
        for each in open_to(service, named, ground.reading):
            words = f"{services_in_words([service])} may read of {named.field}: {named.word}"
            pieces = tuple(ground.meeting(where, [each.piece]))
            yield Facet(Aspect.DISCLOSURE, service, words), Extent(telling, pieces, each.kept_back)


def what_differs(one: Ground, another: Ground) -> Disclosed:
    """What only one of two rulebooks lets a service read of this event, or elsewhere than both."""
    return Disclosed(_differing_parts(one, another), differing_concerns(one, another))


def _differing_parts(one: Ground, another: Ground) -> Mapping[Service, frozenset[Part]]:
    tables = (one.reading.rulebook.disclosure, another.reading.rulebook.disclosure)
    found: dict[Service, frozenset[Part]] = {}
    for service in Service:
        for about_child in (True, False):
            first, second = (
                each.parts(one.space.type, service, about_child=about_child) for each in tables
            )
            if first != second:
                found[service] = found.get(service, frozenset()) | (first ^ second)
    return found
