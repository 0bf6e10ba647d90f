"""The page of the pathways: `python -m tests.pathways_page` writes it from rules and cases."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from routing_rules.cases_loader import load_cases
from routing_rules.document import Rule
from routing_rules.source_text import Problems
from tests.builders import rulebook_files, staffordshire

DOCS = Path(__file__).parents[1] / "docs"
LISTED = DOCS / "pathways.csv"
PAGE = DOCS / "pathways.md"
_HEAD = """\
# Pathways

The inspection report describes 49 pathways by which somebody should have been told. This page says
which rules of the shipped rulebook serve each of them, how many cases show those rules fire, and
where the report speaks of it. `python -m tests.pathways_page` writes it from the rules, their cases
and [pathways.csv](pathways.csv); a test fails when it is out of date, or when a pathway has neither
a rule nor a reason why it has none.
"""
_TIERS = {
    "1": "Tier 1: without these somebody is not told who must be",
    "2": "Tier 2: these make the rest whole",
    "3": "Tier 3: where it is only one more rule",
}


@dataclass(frozen=True, slots=True)
class Pathway:
    """One pathway of the report, with the rules that serve it and the cases in which they fire."""

    id: str
    tier: str
    name: str
    where: str
    without_rule: str
    rules: Sequence[Rule]
    cases: int

    @property
    def is_accounted_for(self) -> bool:
        """Whether it has a rule that some case shows, or a reason why it has none."""
        return self.cases > 0 if self.rules else bool(self.without_rule)


def pathways() -> Sequence[Pathway]:
    """Every pathway of the list, in its order."""
    rules = _rules()
    cases = [frozenset(fires) for fires in _fires()]
    with LISTED.open(encoding="utf-8", newline="") as text:
        return [_pathway(row, rules, cases) for row in csv.DictReader(text)]


def unlisted() -> frozenset[str]:
    """The pathways that rules name and the list does not."""
    return frozenset(_rules()) - {each.id for each in pathways()}


def page() -> str:
    """The page as it must stand in the documents."""
    listed = pathways()
    return "\n".join([_HEAD, *(line for tier in _TIERS for line in _tier(tier, listed))])


def _pathway(
    row: Mapping[str, str], rules: Mapping[str, Sequence[Rule]], cases: Sequence[frozenset[str]]
) -> Pathway:
    own = rules.get(row["pathway"], ())
    names = {rule.name for rule in own}
    recommended = f"; rec {row['recommendations']}" if row["recommendations"] else ""
    return Pathway(
        id=row["pathway"],
        tier=row["tier"],
        name=row["name"],
        where=f"para {row['paragraphs']}{recommended}",
        without_rule=row["without_rule"],
        rules=own,
        cases=sum(bool(names & fires) for fires in cases),
    )


def _rules() -> Mapping[str, Sequence[Rule]]:
    found: dict[str, list[Rule]] = {}
    for rule in staffordshire().document.rules:
        for pathway in rule.pathways:
            found.setdefault(pathway, []).append(rule)
    return found


def _fires() -> Iterator[Sequence[str]]:
    files = rulebook_files("staffordshire")
    return (case.fires for case in load_cases(staffordshire(), files, Problems()))


def _tier(tier: str, listed: Sequence[Pathway]) -> Iterator[str]:
    of_tier = [each for each in listed if each.tier == tier]
    yield f"## {_TIERS[tier]}\n"
    yield "| pathway | what | rules | cases | where |"
    yield "|---|---|---|---|---|"
    for each in of_tier:
        if each.rules:
            names = ", ".join(f"`{rule.name}`" for rule in each.rules)
            yield f"| {each.id} | {each.name} | {names} | {each.cases} | {each.where} |"
    yield ""
    without = [each for each in of_tier if not each.rules]
    if without:
        yield "Without a rule:\n"
    for each in without:
        yield f"- {each.id}, {each.name} ({each.where}). {each.without_rule}"
    if without:
        yield ""


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
