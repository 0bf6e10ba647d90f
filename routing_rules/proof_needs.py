"""Needs: what of a promise must hold by itself, and the pieces in which a telling meets it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from routing_rules.boxes import Box, Piece
from routing_rules.directory import Team
from routing_rules.document import Place
from routing_rules.promises import Kind, Promise
from routing_rules.proof_ground import Ground
from routing_rules.proof_places import Answer, Asked
from routing_rules.proof_reading import Reading
from routing_rules.proof_tellings import Telling, urgent_within
from routing_rules.vocabulary import in_words
from schemas.values import Ask, Service, Urgency

_NAMES = {Service.GP: "the GP", Service.CAMHS: "CAMHS", Service.MASH: "MASH"}


@dataclass(frozen=True, slots=True)
class Need:
    """One of the services is told (in time, and asked, where that is said).

    `or_mash`: an exception that MASH owns is enough. `at_home`: only the team of the home
    district counts.
    """

    services: tuple[Service, ...]
    within: Urgency | None = None
    ask: Ask | None = None
    or_mash: bool = False
    at_home: bool = False

    @property
    def unmet(self) -> str:
        """What is so where it is not met, in words."""
        whom = services_in_words(self.services)
        if self.ask is not None:
            return f"{whom} is not asked to {self.ask}"
        told = "nobody is told, nor MASH instead of" if self.or_mash else "is not told"
        words = f"{told} {whom}" if self.or_mash else f"{whom} {told}"
        words += " in the home district" if self.at_home else ""
        return words if self.within is None else f"{words} within {in_words(self.within)}"


def services_in_words(services: Iterable[Service]) -> str:
    """Any of these services, as people name them."""
    return " or ".join(_NAMES.get(each, each.replace("-", " ")) for each in services)


def needs_of(promise: Promise) -> Iterator[Need]:
    """What a promise that somebody is told comes to: each can be met by another rule."""
    each = [promise.services] if promise.kind is Kind.ONE_OF else [(s,) for s in promise.services]
    for services in each:
        or_mash, at_home = promise.kind is Kind.OR_MASH, promise.kind is Kind.HOME_TEAM
        yield Need(services, promise.within, or_mash=or_mash, at_home=at_home)
        for ask in promise.asks:
            yield Need(services, ask=ask, at_home=at_home)


def meeting_pieces(need: Need, telling: Telling, ground: Ground) -> list[Piece]:
    """The pieces in which a telling meets a need; guards are not looked at."""
    return ground.meeting(telling.pieces, list(conditions_met(need, telling, ground.reading)))


def boxes_meeting(need: Need, ground: Ground) -> Sequence[Box]:
    """Where any telling meets a need; many promises need the same, so it is found once."""
    if need not in ground.kept:
        met = (piece for each in ground.tellings for piece in meeting_pieces(need, each, ground))
        ground.kept[need] = ground.reading.boxes(list(dict.fromkeys(met)))
    return ground.kept[need]


def conditions_met(need: Need, telling: Telling, reading: Reading) -> Iterator[Piece]:
    """Where a telling would meet a need, had its rule fired and nothing been withheld."""
    if need.ask is not None and need.ask not in telling.tell.asks:
        return
    bound = list(Urgency)[-1] if need.within is None else need.within
    in_time = urgent_within(reading, telling.tell, bound)
    if in_time is None:
        return
    meeting = tuple(each for each in telling.answers if _meets(need, telling, each))
    for piece in answered(meeting, reading) if meeting else ():
        for home in _home_pieces(need, telling, meeting, reading):
            yield piece & in_time & home


def _meets(need: Need, telling: Telling, answer: Answer) -> bool:
    if isinstance(answer.found, Team):
        return answer.found.service in need.services
    return need.or_mash and telling.service in need.services


def _home_pieces(
    need: Need, telling: Telling, meeting: Iterable[Answer], reading: Reading
) -> list[Piece]:
    """Where the team that is told is that of the home district, if that is needed."""
    everything = reading.space.layout.everything
    if not need.at_home or telling.place is Place.HOME_DISTRICT:
        return [everything]
    pieces = [
        reading.asked(home) & reading.asked(answer)
        for home in reading.answers(telling.service, Place.HOME_DISTRICT)
        for answer in meeting
        if _recipient(home) == _recipient(answer)
    ]
    return [piece for piece in pieces if reading.space.layout.is_piece(piece)]


def _recipient(answer: Answer) -> str | None:
    return answer.found.recipient if isinstance(answer.found, Team) else None


def answered(meeting: tuple[Answer, ...], reading: Reading) -> Sequence[Piece]:
    """Where the directory gives one of these answers, in as few pieces as may be."""
    if meeting not in reading.answered:
        reading.answered[meeting] = _joined(meeting, reading)
    return reading.answered[meeting]


def _joined(meeting: Iterable[Answer], reading: Reading) -> Sequence[Piece]:
    layout = reading.space.layout
    first: dict[tuple[tuple[Asked, frozenset[int]], ...], Piece] = {}
    for answer in meeting:
        key = tuple(sorted(answer.asking.items())[1:])
        piece = reading.asked(answer)
        run = layout.runs[min(answer.asking)] if answer.asking else 0
        first[key] = first.get(key, piece) | (piece & run)
    return tuple(first.values())
