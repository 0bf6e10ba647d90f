"""Where people must live for a service to be told of an event: what rules say, and promises.

It looks at homes alone. Whether anybody in an event meets the rest of a rule is not asked, so what
it answers is "may be told here"; where no rule is, it is certain that nobody is ever told.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from routing_rules.document import Condition
from routing_rules.promises import Kind
from routing_rules.rulebook import Rulebook
from schemas.values import EventType, Service

ELSEWHERE, UNKNOWN = "elsewhere", "unknown"
"""Homes that are no district of the county or beside it, and homes that nobody knows."""
_TELLING = frozenset({Kind.IS_TOLD, Kind.OR_MASH, Kind.HOME_TEAM})


@dataclass(frozen=True, slots=True)
class Said:
    """What a rulebook says of one kind of event and one service.

    By home (an ONS code of the county or a neighbour, `elsewhere` or `unknown`): the names of the
    rules by which it may be told of people who live there, and of the promises that it is.
    """

    rules: dict[str, tuple[str, ...]] = field(default_factory=dict)
    promises: dict[str, tuple[str, ...]] = field(default_factory=dict)


def told_where(rulebook: Rulebook) -> Mapping[tuple[EventType, Service], Said]:
    """What a rulebook says of every kind of event and service of which it says anything.

    A promise that one of several services is told promises none of them, and is left out.
    """
    homes = _homes(rulebook)
    found: dict[tuple[EventType, Service], Said] = defaultdict(Said)
    for rule in rulebook.document.rules:
        told = {tell.service for tell in rule.tell}
        instead = {case.service for tell in rule.tell for case in tell.instead}
        for service in told | instead:
            _add(found[rule.event, service].rules, _admitted(homes, rule.about), rule.name)
    for promise in rulebook.promises.promises:
        for service in promise.services if promise.kind in _TELLING else ():
            said = found[promise.event, service].promises
            _add(said, _admitted(homes, promise.about), promise.name)
    return found


def _add(said: dict[str, tuple[str, ...]], homes: Iterable[str], name: str) -> None:
    for home in homes:
        said[home] = (*said.get(home, ()), name)


def _homes(rulebook: Rulebook) -> Mapping[str, Mapping[str, str]]:
    """Every home, with the words that rules have for it."""
    settings = rulebook.settings
    words = {
        code: {"district": name, "home": "in the county" if code in settings.county else ELSEWHERE}
        for code, name in settings.districts.items()
    }
    return words | {home: {"district": home, "home": home} for home in (ELSEWHERE, UNKNOWN)}


def _admitted(homes: Mapping[str, Mapping[str, str]], about: Sequence[Condition]) -> Iterator[str]:
    """The homes that no condition rules out."""
    asked = [each for each in about if each.field in {"district", "home"}]
    for home, words in homes.items():
        if all(words[each.field] in each.words for each in asked):
            yield home
