"""Reading an urgency: one word, or a map from the values of one choice field.

As in `reading`, what cannot be read becomes a problem, and reading goes on.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from routing_rules.document import Condition, UrgencyByField
from routing_rules.loader_words import URGENCIES, ClosedSet, read_text, words_of
from routing_rules.source_text import Entries, Node, Position, Problems, Scalar
from routing_rules.vocabulary import EventVocabulary, Field, FieldKind
from schemas.values import Urgency

BY = "by"
OTHERWISE = "otherwise"


@dataclass(frozen=True, slots=True)
class Matched:
    """What a rule matches: a kind of event, and the conditions on it and on the person."""

    event: EventVocabulary
    when: tuple[Condition, ...]
    about: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class _Deciding:
    """The field that an urgency depends on, and its values that the rule lets through."""

    field: Field
    of_person: bool
    reachable: tuple[str, ...]


def read_urgency(
    node: Node, matched: Matched | None, problems: Problems
) -> Urgency | UrgencyByField | None:
    """An urgency; `matched` is None where the rule's event is unreadable."""
    if not isinstance(node, Entries):
        return _read_word(node, problems)
    written = {
        key.text: _read_word(value, problems) for key, value in node.entries if key.text != BY
    }
    if matched is None:
        return None
    words = [key for key, _ in node.entries if key.text not in (BY, OTHERWISE)]
    deciding = _deciding_field(node, words, matched, problems)
    if deciding is None or None in written.values():
        return None
    urgencies = {word: urgency for word, urgency in written.items() if urgency is not None}
    return _complete(urgencies, deciding, node.position, problems)


def _read_word(node: Node, problems: Problems) -> Urgency | None:
    scalar = read_text(node, problems)
    return None if scalar is None else URGENCIES.read(scalar, problems)


def _complete(
    written: Mapping[str, Urgency], deciding: _Deciding, position: Position, problems: Problems
) -> UrgencyByField:
    """Fill in `otherwise`, which never covers unknown, and note each value without an urgency."""
    field, otherwise = deciding.field, written.get(OTHERWISE)
    by_word = {word: urgency for word, urgency in written.items() if word != OTHERWISE}
    for word in deciding.reachable:
        if word not in by_word and otherwise is not None and word != field.unknown:
            by_word[word] = otherwise
    for word in deciding.reachable:
        if word not in by_word:
            never = ", which 'otherwise' never covers" if word == field.unknown else ""
            problems.add(position, f"no urgency for {field.name} '{word}'{never}")
    return UrgencyByField(field.name, deciding.of_person, by_word)


def _deciding_field(
    node: Entries, words: list[Scalar], matched: Matched, problems: Problems
) -> _Deciding | None:
    candidates = tuple(_choices(matched))
    named = node.get(BY)
    if named is not None:
        return _named_field(named, words, candidates, problems)
    best = _best_candidates(words, candidates)
    if not words or len(best) != 1:
        names = best or candidates
        problems.add(
            node.position,
            "it does not say which field decides: write 'by', with one of "
            + ", ".join(candidate.field.name for candidate in names),
        )
        return None
    return _checked(best[0], words, problems)


def _best_candidates(
    words: list[Scalar], candidates: tuple[_Deciding, ...]
) -> tuple[_Deciding, ...]:
    """The fields that have the most of these words, so that one slip still finds its field."""
    counts = [sum(word.text in each.field.values for word in words) for each in candidates]
    most = max(counts, default=0)
    return tuple(
        each for each, count in zip(candidates, counts, strict=True) if count == most and most
    )


def _choices(matched: Matched) -> Iterator[_Deciding]:
    """Each choice field of the event, then of the person."""
    event = matched.event
    for of_person, fields, conditions in (
        (False, event.event_fields, matched.when),
        (True, event.person_fields, matched.about),
    ):
        for field in fields.values():
            if field.kind is FieldKind.CHOICE:
                yield _Deciding(field, of_person, _reachable(field, conditions))


def _reachable(field: Field, conditions: tuple[Condition, ...]) -> tuple[str, ...]:
    tests = [condition.words for condition in conditions if condition.field == field.name]
    return tuple(word for word in field.values if all(word in test for test in tests))


def _named_field(
    named: Node, words: list[Scalar], candidates: tuple[_Deciding, ...], problems: Problems
) -> _Deciding | None:
    """The field that `by` names; no field of an event has the name of a person's."""
    by_name = {each.field.name: each for each in candidates}
    scalar = read_text(named, problems)
    if scalar is None:
        return None
    chosen = ClosedSet("a field that can decide an urgency", by_name).read(scalar, problems)
    return None if chosen is None else _checked(chosen, words, problems)


def _checked(deciding: _Deciding, words: list[Scalar], problems: Problems) -> _Deciding | None:
    """The field, when all words are values of it."""
    closed = words_of(deciding.field)
    read = [closed.read(word, problems) for word in words]
    return None if None in read else deciding
