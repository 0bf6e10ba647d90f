"""The same rules in other engines: a decision table of zen-engine, and an expression of CEL.

Both are written in Rust and called from Python. The translation is mechanical: one table, or one
list of conditions, for each kind of event. An unknown number is -1 to both.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from routing_rules.document import Condition, Rule
from routing_rules.facts import Facts
from routing_rules.rulebook import Rulebook
from routing_rules.vocabulary import EventVocabulary, Features, FeatureValue, Field, FieldKind
from schemas.values import EventType

_UNKNOWN = -1
Fired = list[list[str]]
"""The names of the rules that fire, sorted, for each person of each event."""


class EnginesDisagree(AssertionError):
    """Two engines give different answers to the same question, so nothing may be timed."""


@dataclass(frozen=True, slots=True)
class Engine:
    """One way of matching: `match` answers for all events that were `asked`, in one round."""

    name: str
    match: Callable[[], object]
    fired: Callable[[], Fired]


@dataclass(frozen=True, slots=True)
class _Asked:
    """One person of an event, with what the rules of its kind test."""

    type: EventType
    context: dict[str, dict[str, Any]]


def engines(rulebook: Rulebook, facts: Sequence[Facts]) -> list[Engine]:
    """Every engine with the rules of a rulebook, ready to be asked about the same people."""
    asked = [_asked(one, person.features) for one in facts for person in one.people]
    return [_own(rulebook, facts), _zen(rulebook, asked), _cel(rulebook, asked)]


def check_that_they_agree(among: Iterable[Engine]) -> int:
    """For how many people all give the same answers. Raises `EnginesDisagree` if they do not."""
    first, *others = among
    expected = first.fired()
    for other in others:
        if other.fired() != expected:
            raise EnginesDisagree(f"{other.name} fires other rules than {first.name}")
    return len(expected)


def _own(rulebook: Rulebook, facts: Sequence[Facts]) -> Engine:
    ready = [(one.type, one.event, [person.features for person in one.people]) for one in facts]

    def match() -> list[Any]:
        return [rulebook.compiled.matching(*one) for one in ready]

    def fired() -> Fired:
        return [sorted(rule.name for rule in rules) for event in match() for rules in event]

    return Engine("fieldfare", match, fired)


def _zen(rulebook: Rulebook, asked: Sequence[_Asked]) -> Engine:
    """All people in one batch, each with the decision table of the kind of event."""
    content = {
        kind.type.value: _table(kind, rulebook.rules_for(kind.type))
        for kind in rulebook.vocabulary.values()
    }
    engine = import_module("zen").ZenEngine({"loader": {"type": "static", "content": content}})
    requests = [{"key": one.type.value, "context": one.context} for one in asked]

    def match() -> Any:
        return engine.evaluate_batch(requests)

    def fired() -> Fired:
        return [sorted(row["rule"] for row in one["data"]["result"]) for one in match()]

    return Engine("zen-engine, one batch", match, fired)


def _cel(rulebook: Rulebook, asked: Sequence[_Asked]) -> Engine:
    """One expression for each kind of event: the list of what every rule says."""
    kinds = {kind.type: kind for kind in rulebook.vocabulary.values()}
    rules = {kind: rulebook.rules_for(kind) for kind in kinds}
    compiled = {
        kind: import_module("cel").compile(
            f"[{', '.join(_expression(rule, kinds[kind]) for rule in of_kind)}]"
        )
        for kind, of_kind in rules.items()
    }
    ready = [(compiled[one.type], one.context) for one in asked]

    def match() -> list[Any]:
        return [program.execute(context) for program, context in ready]

    def fired() -> Fired:
        return [
            sorted(rule.name for rule, is_so in zip(rules[one.type], said, strict=True) if is_so)
            for one, said in zip(asked, match(), strict=True)
        ]

    return Engine("CEL (Rust)", match, fired)


def _asked(one: Facts, features: Features) -> _Asked:
    return _Asked(one.type, {"event": _values(one.event), "person": _values(features)})


def _values(features: Features) -> dict[str, Any]:
    return {_slug(name): _value(value) for name, value in features.items()}


def _value(value: FeatureValue) -> Any:
    if value is None:
        return _UNKNOWN
    return sorted(value) if isinstance(value, frozenset) else value


def _slug(name: str) -> str:
    return "".join(each if each.isalnum() else "_" for each in name)


def _fields(kind: EventVocabulary) -> Mapping[str, tuple[str, Field]]:
    """Every field by its name, with where it stands in a context."""
    among = (("event", kind.event_fields), ("person", kind.person_fields))
    return {
        name: (f"{where}.{_slug(name)}", field)
        for where, fields in among
        for name, field in fields.items()
    }


def _table(kind: EventVocabulary, rules: Sequence[Rule]) -> dict[str, Any]:
    """A decision table that collects the names of all rules that fire; a column for each field."""
    fields = _fields(kind)
    tested = sorted({each.field for rule in rules for each in (*rule.when, *rule.about)})
    rows = [
        {"_id": rule.name, "fired": f"'{rule.name}'"}
        | dict.fromkeys(map(_slug, tested), "")
        | {_slug(c.field): _cell(c, fields[c.field][1]) for c in (*rule.when, *rule.about)}
        for rule in rules
    ]
    columns = [{"id": _slug(name), "name": name, "field": fields[name][0]} for name in tested]
    table = {
        "hitPolicy": "collect",
        "inputs": columns,
        "outputs": [{"id": "fired", "name": "rule", "field": "rule"}],
        "rules": rows,
    }
    place = {"position": {"x": 0, "y": 0}}
    return {
        "nodes": [
            {"id": "in", "name": "in", "type": "inputNode", **place},
            {"id": "table", "name": "t", "type": "decisionTableNode", "content": table, **place},
            {"id": "out", "name": "out", "type": "outputNode", **place},
        ],
        "edges": [
            {"id": "first", "sourceId": "in", "targetId": "table", "type": "edge"},
            {"id": "then", "sourceId": "table", "targetId": "out", "type": "edge"},
        ],
    }


def _cell(condition: Condition, field: Field) -> str:
    """A condition as zen writes one in a column."""
    words = ", ".join(f"'{word}'" for word in sorted(condition.words))
    match field.kind:
        case FieldKind.CHOICE:
            return words
        case FieldKind.FLAGS:
            return f"some($, # in [{words}])"
        case FieldKind.NUMBER:
            return ", ".join(f"[{low}..{high}]" for low, high in _spans(condition))


def _expression(rule: Rule, kind: EventVocabulary) -> str:
    """A rule as CEL: all its conditions."""
    fields = _fields(kind)
    said = [_said(each, *fields[each.field]) for each in (*rule.when, *rule.about)]
    return " && ".join(said)


def _said(condition: Condition, path: str, field: Field) -> str:
    words = [f"'{word}'" for word in sorted(condition.words)]
    match field.kind:
        case FieldKind.CHOICE:
            return f"{path} in [{', '.join(words)}]"
        case FieldKind.FLAGS:
            return f"({' || '.join(f'{word} in {path}' for word in words)})"
        case FieldKind.NUMBER:
            spans = [f"({path} >= {low} && {path} <= {high})" for low, high in _spans(condition)]
            return f"({' || '.join(spans)})"


def _spans(condition: Condition) -> list[tuple[int, int]]:
    unknown = [(_UNKNOWN, _UNKNOWN)] if condition.or_unknown else []
    return [*((each.low, each.high) for each in condition.ranges), *unknown]
