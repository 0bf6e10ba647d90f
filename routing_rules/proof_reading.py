"""How one rulebook reads the space of a proof: its districts by name, its providers as listed."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from routing_rules.boxes import Box, Piece
from routing_rules.directory import Team
from routing_rules.document import Condition, Place, Rule, Unless, Withhold
from routing_rules.proof_places import Answer, Asked, Pupil, answers, school_type
from routing_rules.proof_space import Space, pieces_where
from routing_rules.recipients import SCHOOL_TYPES
from routing_rules.rulebook import Rulebook
from routing_rules.vocabulary import in_words
from schemas.values import Service

LISTED, ELSEWHERE, UNKNOWN = "listed", "elsewhere", "unknown"
LISTINGS = (LISTED, ELSEWHERE, UNKNOWN)


@dataclass(frozen=True)
class Reading:
    """One rulebook in a space that may be shared with another one.

    What was read of it once is kept: `answered` by the answers that lead there.
    """

    space: Space
    rulebook: Rulebook
    answered: dict[tuple[Answer, ...], Sequence[Piece]] = field(default_factory=dict, compare=False)
    _answers: dict[tuple[Service, Place], tuple[Answer, ...]] = field(default_factory=dict)
    _asked: dict[Answer, Piece] = field(default_factory=dict, compare=False)

    @cached_property
    def derived(self) -> Mapping[str, Mapping[str, int]]:
        """For each derived field, the bits of its dimension for each of its words."""
        places = self.space.places
        return {
            "home": self._bits(Asked.DISTRICT, [self._home(each) for each in places.districts]),
            "district": self._bits(Asked.DISTRICT, [*map(self._district, places.districts)]),
            "booking": self._bits(Asked.PROVIDER, [*map(self._booking, places.providers)]),
            "practice": self._bits(Asked.PRACTICE, [*map(self._practice, places.practices)]),
            "school type": self._bits(Asked.SCHOOL, [*map(self.kind_of, places.schools)]),
            "school": self._bits(Asked.SCHOOL, [*map(self._school, places.schools)]),
            "hospital": self._bits(Asked.SITE, [*map(self._hospital, places.sites)]),
        }

    def where(self, *conditions: Condition) -> list[Piece]:
        """The pieces in which all conditions hold."""
        return pieces_where(self.space, self.derived, conditions)

    def matched(self, block: Rule | Withhold) -> list[Piece]:
        """The pieces that a block's conditions let through."""
        return self.where(*block.when, *block.about)

    def boxes(self, pieces: Sequence[Piece]) -> list[Box]:
        """Pieces as boxes that can be subtracted."""
        return [self.space.layout.box(piece) for piece in pieces]

    def answers(self, service: Service, place: Place) -> tuple[Answer, ...]:
        """Everything that the directory answers for a service and a place."""
        if (service, place) not in self._answers:
            space = self.space
            self._answers[service, place] = answers(
                service, place, self.rulebook.directory, space.places, space.on
            )
        return self._answers[service, place]

    def asked(self, answer: Answer) -> Piece:
        """Where the directory gives this answer."""
        piece = self._asked.get(answer)
        if piece is None:
            piece = self.space.layout.everything
            for name, numbers in answer.asking.items():
                piece &= self.space.asked(name, numbers)
            self._asked[answer] = piece
        return piece

    def applies(self, when: Unless) -> Piece:
        """Where a tell line goes to its other place."""
        if when is Unless.NO_BOOKING:
            return self._chosen(Asked.PROVIDER, self.derived["booking"]["none"])
        kind = in_words(SCHOOL_TYPES[when])
        return self._chosen(Asked.SCHOOL, self.derived["school type"][kind])

    def _chosen(self, name: Asked, bits: int) -> Piece:
        return self.space.layout.only(name, bits)

    def kind_of(self, pupil: Pupil) -> str:
        """The kind of a school, in the words of rules."""
        return in_words(school_type(self.rulebook.directory, pupil, self.space.on))

    def _bits(self, name: Asked, words: Sequence[str]) -> Mapping[str, int]:
        """By word the bits of the values that it names; a word that names none has no bits."""
        bits = Counter[str]()
        for number, word in enumerate(words):
            bits[word] |= self.space.layout.values(name, [number])
        return bits

    def _home(self, district: str | None) -> str:
        if district is None:
            return UNKNOWN
        return "in the county" if district in self.rulebook.settings.county else ELSEWHERE

    def _district(self, district: str | None) -> str:
        if district is None:
            return UNKNOWN
        return self.rulebook.settings.districts.get(district, ELSEWHERE)

    def _booking(self, provider: str | None) -> str:
        if provider is None:
            return "none"
        directory, on = self.rulebook.directory, self.space.on
        team = directory.team_of_organisation(Service.MIDWIFERY, provider, on)
        return "with a listed provider" if isinstance(team, Team) else ELSEWHERE

    def _practice(self, practice: str | None) -> str:
        if practice is None:
            return UNKNOWN
        team = self.rulebook.directory.practice(practice, self.space.on)
        return LISTED if isinstance(team, Team) else ELSEWHERE

    def _school(self, pupil: Pupil) -> str:
        if pupil.urn is None:
            return UNKNOWN
        listed = self.rulebook.directory.school(pupil.urn, self.space.on)
        return ELSEWHERE if listed is None else LISTED

    def _hospital(self, site: str | None) -> str:
        if site is None:
            return UNKNOWN
        directory, on = self.rulebook.directory, self.space.on
        listed = isinstance(directory.team_of_site(Service.EMERGENCY, site, on), Team)
        return LISTED if listed else ELSEWHERE
