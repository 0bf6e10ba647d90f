"""Why a service was not told about somebody: the nearest rules, and which condition failed."""

from collections.abc import Iterable
from dataclasses import dataclass

from routing_rules.conditions import because, first_failing
from routing_rules.document import Condition, Rule
from routing_rules.engine import ANOTHER_REF, NO_RULE, NO_RULE_THOUGH, TOLD_AS_VICTIM
from routing_rules.vocabulary import Features
from schemas.values import Service
from services.replay.explaining import Explained

_NEAREST = 3


@dataclass(frozen=True, slots=True)
class Near:
    """A rule that would have told the service, and every condition of it that does not hold."""

    rule: str
    why: str
    failing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WhyNot:
    """Why a service was not told about a reference, in sentences, the deciding one first.

    `nearest` are rules that tell the service and did not fire, the nearest first; none is given
    where nothing may be told of the person in any case.
    """

    sentences: tuple[str, ...]
    nearest: tuple[Near, ...] = ()


def why_not_told(explained: Explained, service: Service, ref: str) -> WhyNot:
    """Why no rule told a service about somebody. Pure; it never says what is withheld."""
    of_ref = [each for each in explained.nobody if each.about == ref]
    for each in of_ref:
        if each.because in {TOLD_AS_VICTIM, ANOTHER_REF}:
            return WhyNot((f"This person is {each.because}. Ask about that reference.",))
        if each.service is None and each.because not in {NO_RULE, NO_RULE_THOUGH}:
            return WhyNot((_sentence(each.because),))
    withheld = [each for each in of_ref if each.service == service.value]
    if withheld:
        return WhyNot(tuple(_withheld(each.because, each.basis) for each in withheld))
    rules = [rule for rule in explained.rules if service in _services(rule)]
    if not rules:
        return WhyNot(("No rule of the rulebook tells this service of an event of this kind.",))
    features = explained.people.get(ref)
    if features is None:
        return WhyNot(("The facts of the decision hold nobody by this reference.",))
    near = sorted(
        (_near(rule, explained.event, features) for rule in rules),
        key=lambda each: (len(each.failing), each.rule),
    )
    fitting = {each.rule for each in near if not each.failing}
    sentences = [_fits(rule) for rule in rules if rule.name in fitting]
    none = "Rules tell this service of such events, and none of them fits."
    failing = tuple(each for each in near if each.failing)
    return WhyNot(tuple(sentences) or (none,), failing[:_NEAREST])


def _fits(rule: Rule) -> str:
    """Why a rule that fits told somebody else, or nobody."""
    instead = "it names another service in the place of this one"
    if rule.once_per_days is None:
        return f"Rule {rule.name} fits, and {instead}."
    once = f"it fires once in {rule.once_per_days} days, and had for this person"
    return f"Rule {rule.name} fits; but {once}, or {instead}."


def _near(rule: Rule, event: Features, person: Features) -> Near:
    failing = [*_failing(rule.when, event), *_failing(rule.about, person)]
    return Near(rule.name, rule.why, tuple(failing))


def _failing(conditions: Iterable[Condition], features: Features) -> list[str]:
    return [
        because(each, features)
        for each in conditions
        if first_failing((each,), features) is not None
    ]


def _services(rule: Rule) -> frozenset[Service]:
    """Whom a rule tells, also in the place of another."""
    return frozenset(
        service
        for tell in rule.tell
        for service in (tell.service, *(instead.service for instead in tell.instead))
    )


def _withheld(because: str, basis: str | None) -> str:
    return _sentence(because) + (f" Lawful basis: {basis}." if basis else "")


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}" + ("" if text.endswith(".") else ".")
