"""What a condition means: whether it holds for the features of an event or a person, and why not.

This is the reference; `compiler` answers the same, faster.
"""

from collections.abc import Iterable

from routing_rules.document import Condition
from routing_rules.vocabulary import Features, FeatureValue


class FeatureInvalid(ValueError):
    """Features, or a rule, that do not fit the vocabulary: a programming error.

    The message names the field and never its value, which may be personal.
    """


def holds(condition: Condition, features: Features) -> bool:
    """Whether the condition's field has a value that it allows.

    Unknown is not no: an unknown number holds only where `unknown` is named. Raises
    `FeatureInvalid` when the feature is missing or of another kind.
    """
    value = _value(condition, features)
    match value:
        case None:
            return condition.or_unknown
        case str():
            return value in condition.words
        case int():
            return any(each.low <= value <= each.high for each in condition.ranges)
        case _:
            return not value.isdisjoint(condition.words)


def first_failing(conditions: Iterable[Condition], features: Features) -> Condition | None:
    """The first condition that does not hold; None when all hold."""
    return next((each for each in conditions if not holds(each, features)), None)


def because(condition: Condition, features: Features) -> str:
    """Why the condition does not hold, for the page that explains.

    Only words of closed sets: never a number itself, since an age is personal, and never which
    of several values (`concerns`) are present, since some of them may be withheld.
    """
    value = _value(condition, features)
    match value:
        case None:
            return f"{condition.field} is unknown, not {allowed_in_words(condition)}"
        case str():
            return f"{condition.field} is {value}, not {allowed_in_words(condition)}"
        case int():
            return f"{condition.field} is outside {allowed_in_words(condition)}"
        case _:
            return f"{condition.field} include none of {', '.join(sorted(condition.words))}"


def allowed_in_words(condition: Condition) -> str:
    """What a condition allows: words of closed sets and phrases only."""
    unknown = ("unknown",) if condition.or_unknown else ()
    return " or ".join((*sorted(condition.words), *map(str, condition.ranges), *unknown))


def _value(condition: Condition, features: Features) -> FeatureValue:
    """The feature that a condition tests, when it is there and of the kind that it tests."""
    if condition.field not in features:
        raise FeatureInvalid(f"there is no feature '{condition.field}'")
    value = features[condition.field]
    expects_words = bool(condition.words)
    if expects_words != isinstance(value, str | frozenset):
        raise FeatureInvalid(f"the feature '{condition.field}' is of another kind")
    return value
