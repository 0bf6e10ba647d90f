"""Reading `when` and `about`: fields, their words, and closed number phrases.

As in `reading`, what cannot be read becomes a problem, and reading goes on.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from routing_rules.document import Condition, NumberRange
from routing_rules.loader_words import read_block, read_texts, words_of
from routing_rules.reading import read_word
from routing_rules.source_text import Node, Position, Problems, Scalar, quoted
from routing_rules.vocabulary import EventVocabulary, Field, FieldKind

UNKNOWN = "unknown"
KNOWN = "known to be "
_SPAN = re.compile(r"([0-9]{1,9}) to ([0-9]{1,9})")
_BOUND = re.compile(r"(?:(under|over|at least|at most|exactly) )?([0-9]{1,9})")
_PHRASES = "write 'under 5', 'over 5', '5 to 15', 'at least 5', 'at most 5', 'exactly 5', 'unknown'"
_NO_VALUES = {
    "any": "'any' is not written: leave the field out, or name its values",
    "otherwise": "'otherwise' is only for an urgency: name the values",
}


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose fields conditions may test; `elsewhere` has the fields that another key tests."""

    noun: str
    fields: Mapping[str, Field]
    elsewhere: Mapping[str, Field]
    hint: str


def event_scope(event: EventVocabulary) -> Scope:
    """What `when` may test."""
    noun = f"a field of the event '{event.phrase}'"
    hint = "a field of a person: write it under 'about'"
    return Scope(noun, event.event_fields, event.person_fields, hint)


def person_scope(event: EventVocabulary) -> Scope:
    """What `about` may test."""
    hint = "a field of the event: write it under 'when'"
    return Scope("a field of a person", event.person_fields, event.event_fields, hint)


def read_conditions(node: Node, scope: Scope, problems: Problems) -> tuple[Condition, ...]:
    """All conditions of a mapping from fields to the values that they may have."""
    block = read_block(node, "a mapping from fields to values", problems)
    entries = () if block is None else block.entries
    conditions = (read_condition(name, value, scope, problems) for name, value in entries)
    return tuple(condition for condition in conditions if condition is not None)


def read_condition(name: Scalar, node: Node, scope: Scope, problems: Problems) -> Condition | None:
    """One condition on one field of the scope."""
    if name.text in scope.elsewhere and name.text not in scope.fields:
        problems.add(name.position, f"{quoted(name.text)} is {scope.hint}")
        return None
    if read_word(name, scope.noun, scope.fields, problems) is None:
        return None
    field, texts = scope.fields[name.text], read_texts(node, problems)
    if field.kind is FieldKind.NUMBER:
        return _number_condition(field, name.position, texts, problems)
    words = (_read_value(text, field, problems) for text in texts)
    allowed = frozenset(word for word in words if word is not None)
    return Condition(field.name, name.position, words=allowed) if allowed else None


def _read_value(text: Scalar, field: Field, problems: Problems) -> str | None:
    if text.text in _NO_VALUES and text.text not in field.values:
        problems.add(text.position, _NO_VALUES[text.text])
        return None
    return words_of(field).read(text, problems)


def _number_condition(
    field: Field, position: Position, texts: tuple[Scalar, ...], problems: Problems
) -> Condition:
    phrases = [text for text in texts if text.text != UNKNOWN]
    ranges = (_read_range(phrase, field, problems) for phrase in phrases)
    condition = Condition(
        field.name,
        position,
        ranges=tuple(found for found in ranges if found is not None),
        or_unknown=len(phrases) < len(texts),
    )
    _check_unknown(condition, phrases, problems)
    return condition


def _check_unknown(condition: Condition, phrases: list[Scalar], problems: Problems) -> None:
    """Unknown is not no: a threshold says what happens to an unknown number."""
    known = [phrase for phrase in phrases if phrase.text.startswith(KNOWN)]
    if known and condition.or_unknown:
        problems.add(known[0].position, "'known to be' and 'unknown' contradict each other")
    elif condition.ranges and not known and not condition.or_unknown:
        problems.warn(
            condition.position,
            f"it does not say what happens when {condition.field} is unknown: "
            f"add 'unknown', or write '{KNOWN}{condition.ranges[0]}'",
        )


def _read_range(scalar: Scalar, field: Field, problems: Problems) -> NumberRange | None:
    phrase = " ".join(scalar.text.split()).removeprefix(KNOWN)
    found = _parse_range(phrase, field)
    wrong = _NO_VALUES.get(phrase) or _what_is_wrong(found, phrase, field)
    if wrong is not None:
        problems.add(scalar.position, wrong)
        return None
    return found


def _parse_range(phrase: str, field: Field) -> NumberRange | None:
    span = _SPAN.fullmatch(phrase)
    bound = _BOUND.fullmatch(phrase)
    if span is not None:
        low, high = int(span[1]), int(span[2])
    elif bound is not None:
        low, high = _bounds(bound[1], int(bound[2]), field)
    else:
        return None
    return NumberRange(low, high, phrase)


def _bounds(word: str | None, number: int, field: Field) -> tuple[int, int]:
    match word:
        case "under":
            return field.low, number - 1
        case "at most":
            return field.low, number
        case "over":
            return number + 1, field.high
        case "at least":
            return number, field.high
        case _:
            return number, number


def _what_is_wrong(found: NumberRange | None, phrase: str, field: Field) -> str | None:
    if found is None:
        return f"{quoted(phrase)} does not say which {field.name}; {_PHRASES}"
    outside = [
        n for n in map(int, re.findall("[0-9]+", phrase)) if not field.low <= n <= field.high
    ]
    if outside:
        return f"{outside[0]} is no possible {field.name}: it is {field.low} to {field.high}"
    if found.low > found.high:
        return f"{quoted(phrase)} covers no {field.name}"
    return None
