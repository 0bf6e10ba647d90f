"""Running the cases that stand beside a rulebook's rules: who is told, as its owners expect it.

The cases go through the same casework as the router, so what passes here is what happens.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from routing_rules.cases_coverage import Coverage, Occasion, Shown, occasion_of
from routing_rules.cases_document import RuleCase, Telling, Untold
from routing_rules.cases_loader import load_cases
from routing_rules.decision import OwedDuty
from routing_rules.document import Rule, Withhold
from routing_rules.explain import Casebook
from routing_rules.rulebook import Rulebook
from routing_rules.source_text import Position, Problem, Problems
from routing_rules.vocabulary import in_words


@dataclass(frozen=True, slots=True)
class CaseResult:
    """How one case went; `failures` say what was expected and seen, each with its line."""

    name: str
    position: Position
    failures: tuple[Problem, ...]

    @property
    def passed(self) -> bool:
        """Whether everything happened as the case says."""
        return not self.failures


@dataclass(frozen=True, slots=True)
class CaseReport:
    """What came of all cases. `problems` are of cases that could not be read, and so not run."""

    results: tuple[CaseResult, ...]
    problems: tuple[Problem, ...]
    coverage: Coverage

    @property
    def passed(self) -> bool:
        """Whether all cases could be read and went as they say; coverage is another question."""
        return not self.problems and all(result.passed for result in self.results)


def run_cases(rulebook: Rulebook, files: Mapping[str, str]) -> CaseReport:
    """Run the cases of `files` (texts by path; those under `cases/`) against a rulebook. Pure."""
    problems = Problems()
    cases = load_cases(rulebook, files, problems)
    shown = Shown()
    results = tuple(_run(case, rulebook, shown) for case in cases)
    return CaseReport(results, tuple(sorted(problems.found)), shown.coverage(rulebook.document))


def run_case(case: RuleCase, rulebook: Rulebook) -> CaseResult:
    """How one case goes; it must name only rules and blocks of the rulebook. Pure."""
    return _run(case, rulebook, Shown())


def _run(case: RuleCase, rulebook: Rulebook, shown: Shown) -> CaseResult:
    casebook = Casebook(rulebook)
    for known in case.known:
        casebook.receive(known, known.time)
    outcome = casebook.receive(case.event, case.event.time)
    assert outcome is not None  # noqa: S101 - the ids of a case's events are its own places
    occasion = occasion_of(outcome.facts)
    checks = _Checks(case, rulebook, occasion, outcome.decision.duties, shown)
    result = CaseResult(case.name, case.position, tuple(checks.failures()))
    if result.passed:
        shown.add(case, occasion, rulebook.document)
    return result


@dataclass(frozen=True, slots=True)
class _Checks:
    case: RuleCase
    rulebook: Rulebook
    occasion: Occasion
    duties: Sequence[OwedDuty]
    shown: Shown

    def failures(self) -> Iterator[Problem]:
        case, document = self.case, self.rulebook.document
        rules = {rule.name: rule for rule in document.rules}
        blocks = {block.name: block for block in document.withholds}
        yield from self._match((rules[name] for name in case.fires), "fires", holds=True)
        yield from self._match(
            (rules[name] for name in case.does_not_fire), "does not fire", holds=False
        )
        yield from self._match((blocks[name] for name in case.withholds), "withholds", holds=True)
        yield from self._match(
            (blocks[name] for name in case.does_not_withhold), "does not withhold", holds=False
        )
        for telling in case.told:
            yield from self._told(telling, rules)
        for untold in case.not_told:
            yield from self._not_told(untold)

    def _match(
        self, blocks: Iterator[Rule] | Iterator[Withhold], expected: str, *, holds: bool
    ) -> Iterator[Problem]:
        for block in blocks:
            if self.occasion.matches(block) is not holds:
                seen = "it does not" if holds else "it does"
                yield Problem(self.case.position, f"expected: {block.name} {expected}; {seen}")

    def _told(self, telling: Telling, rules: Mapping[str, Rule]) -> Iterator[Problem]:
        found = [d for d in self.duties if self._name(d) == telling.about and _is_told(d, telling)]
        for duty in found:
            named = [rules[reason.rule] for reason in duty.reasons if reason.rule in rules]
            self.shown.expect(named, duty.instead_of or duty.service)
        if not found:
            seen = self._told_of(telling.about)
            yield Problem(telling.position, f"expected: {_in_plain_words(telling)}; told: {seen}")

    def _not_told(self, untold: Untold) -> Iterator[Problem]:
        found = [
            duty
            for duty in self.duties
            if self._name(duty) == untold.about and untold.service in (None, duty.service)
        ]
        if found:
            whom = in_words(untold.service or "nobody").replace("-", " ")
            expected = f"{whom} not told" if untold.service else "nobody told"
            seen = "; ".join(map(_seen, found))
            yield Problem(
                untold.position, f"expected: {expected} about {untold.about}; told: {seen}"
            )

    def _told_of(self, about: str) -> str:
        seen = [_seen(duty) for duty in self.duties if self._name(duty) == about]
        return "; ".join(seen) or f"nobody about {about}"

    def _name(self, duty: OwedDuty) -> str | None:
        """As the case names the person: a child whom only the register knows has another ref."""
        ref = None if duty.about is None else duty.about.ref
        return self.case.children.get(ref or "", ref)


def _is_told(duty: OwedDuty, telling: Telling) -> bool:
    return (
        duty.service is telling.service
        and telling.recipient in (None, duty.recipient)
        and telling.urgency in (None, duty.urgency)
        and telling.asks in (None, frozenset(duty.asks))
        and telling.handling <= frozenset(duty.handling)
        and telling.instead_of in (None, duty.instead_of)
    )


def _in_plain_words(telling: Telling) -> str:
    parts = [f"{_plain(telling.service)} told about {telling.about}"]
    if telling.recipient is not None:
        parts.append(f"as {telling.recipient}")
    if telling.instead_of is not None:
        parts.append(f"instead of {_plain(telling.instead_of)}")
    if telling.urgency is not None:
        parts.append(_plain(telling.urgency))
    if telling.asks is not None:
        parts.append(_asks(telling.asks))
    parts += [_plain(item) for item in sorted(telling.handling)]
    return ", ".join(parts)


def _seen(duty: OwedDuty) -> str:
    parts = [f"{_plain(duty.service)} as {duty.recipient}"]
    if duty.instead_of is not None:
        parts.append(f"instead of {_plain(duty.instead_of)} because {duty.because}")
    parts += [_plain(duty.urgency), _asks(frozenset(duty.asks))]
    parts += [_plain(item) for item in duty.handling]
    return ", ".join(parts)


def _asks(asks: frozenset[str]) -> str:
    return f"asked to {' and '.join(sorted(asks))}" if asks else "asked nothing"


def _plain(word: str) -> str:
    return in_words(word).replace("-", " ")
