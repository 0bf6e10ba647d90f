"""Which NHS numbers are one person's, as far as changes of identity tell.

Rows are kept as they were told. Which number holds is worked out from all of them, so that their
order of arrival cannot matter: the later `recorded_at` wins, a number that was parted from another
is its own again, and what is protected is joined with nothing, whatever else is told.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from routing_rules.known import Identity
from routing_rules.register_fold import is_taken_back, last_word
from routing_rules.register_problems import ProblemKind, RegisterProblem
from schemas.values import IdentityReason

_JOINS = frozenset({IdentityReason.CORRECTED, IdentityReason.MERGED})


@dataclass(frozen=True, slots=True)
class Identities:
    """The answer of some changes of identity; they must be all that lead to one another.

    `holds` gives, for each number that gave way, the one that holds. `protected` are the numbers
    to which nothing may lead, and from which nothing may.
    """

    holds: Mapping[str, str] = field(default_factory=dict)
    protected: frozenset[str] = frozenset()
    problems: frozenset[RegisterProblem] = frozenset()

    def number_of(self, nhs_number: str) -> str:
        """The number that holds in the place of this one; mostly itself."""
        return self.holds.get(nhs_number, nhs_number)

    def same_as(self, nhs_number: str) -> frozenset[str]:
        """All numbers of this number's person, with itself."""
        one = self.number_of(nhs_number)
        return frozenset({one, *(number for number, to in self.holds.items() if to == one)})


NOBODY_CHANGED = Identities()


def identities_from(rows: Sequence[Identity]) -> Identities:
    """Who is who, from these changes in any order.

    A number that would lead back to itself is joined with nothing: nobody can tell which holds.
    """
    if not rows:
        return NOBODY_CHANGED
    standing = _standing(rows)
    protected = frozenset(row.from_ for row in standing if row.reason is IdentityReason.PROTECTED)
    problems: set[RegisterProblem] = set()
    edges: dict[str, str] = {}
    for number in sorted({row.from_ for row in standing} - protected):
        told = {row.to for row in last_word(joins)} if (joins := _joins(number, standing)) else ()
        ends = {to for to in told if to is not None and to not in protected}
        if len(ends) > 1:
            problems.add(RegisterProblem(number, ProblemKind.CONTRADICTORY, "to"))
        elif ends:
            edges[number] = ends.pop()
    circling = {number for number in edges if number in _path(number, edges)}
    problems |= {RegisterProblem(n, ProblemKind.IDENTITY_CYCLE, "to") for n in circling}
    sound = {number: to for number, to in edges.items() if number not in circling}
    holds = {number: [*_path(number, sound)][-1] for number in sound}
    problems |= {problem for row in standing for problem in _not_parted(row, standing, sound)}
    return Identities(holds, protected, frozenset(problems))


def _standing(rows: Iterable[Identity]) -> list[Identity]:
    """The changes that their publishers did not withdraw."""
    gone = [row for row in rows if row.told.withdraws]
    return [
        row
        for row in rows
        if not row.told.withdraws
        and not is_taken_back(
            row.told,
            [
                each.told
                for each in gone
                if (each.from_, each.recorded_at) == (row.from_, row.recorded_at)
            ],
        )
    ]


def _joins(number: str, rows: Sequence[Identity]) -> list[Identity]:
    """What joins this number to others and was not undone, at the same time or later."""
    return [
        row
        for row in rows
        if row.from_ == number
        and row.reason in _JOINS
        and not any(_parts(each, row) for each in rows)
    ]


def _parts(row: Identity, joined: Identity) -> bool:
    return (
        row.reason is IdentityReason.UNMERGED
        and {*row.numbers} == {*joined.numbers}
        and row.recorded_at >= joined.recorded_at
    )


def _not_parted(
    row: Identity, rows: Sequence[Identity], edges: Mapping[str, str]
) -> Iterator[RegisterProblem]:
    """That a parting parts nothing: all that joins the two was told before, by way of others.

    Nobody can tell which of those joins is wrong, so they stand until one of them is taken back.
    """
    if row.reason is not IdentityReason.UNMERGED or row.to is None:
        return
    ways = [(number, *_path(number, edges)) for number in (row.from_, row.to)]
    if ways[0][-1] != ways[1][-1]:
        return
    steps = {step for way in ways for step in way if step in edges}
    told = [each for step in steps for each in _joins(step, rows) if each.to == edges[step]]
    if all(each.recorded_at <= row.recorded_at for each in told):
        yield RegisterProblem(row.from_, ProblemKind.STILL_JOINED, "to", row.to)


def _path(number: str, edges: Mapping[str, str]) -> Iterator[str]:
    """Where a number leads, step by step, each once."""
    seen: set[str] = set()
    while (following := edges.get(number)) is not None and following not in seen:
        seen.add(following)
        number = following
        yield number
