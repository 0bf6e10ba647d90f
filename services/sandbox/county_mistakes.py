"""The mistakes that publishers of the synthetic county make, now and then."""

from copy import deepcopy
from enum import StrEnum
from random import Random
from typing import Any

from services.sandbox.county_reports import Told

_SHARE = 0.05


class Mistake(StrEnum):
    """What is wrong with a message."""

    WRONG_CHECK_DIGIT = "an NHS number with a wrong check digit"
    UNKNOWN_FIELD = "a field that nobody knows"
    MISSING_PRACTICE = "no practice"
    REPEATED = "the same event again"
    UNREADABLE = "half a message"


_WEIGHTS = {
    Mistake.WRONG_CHECK_DIGIT: 30,
    Mistake.UNKNOWN_FIELD: 20,
    Mistake.MISSING_PRACTICE: 20,
    Mistake.REPEATED: 20,
    Mistake.UNREADABLE: 10,
}


def drawn_mistake(chance: Random) -> Mistake | None:
    """The mistake of the next message; most have none."""
    if chance.random() >= _SHARE:
        return None
    return chance.choices(tuple(_WEIGHTS), tuple(_WEIGHTS.values()))[0]


def with_mistake(data: Told, mistake: Mistake | None) -> Told:
    """The data with a mistake in them; a repeat and half a message are made from the bytes."""
    if mistake not in {Mistake.WRONG_CHECK_DIGIT, Mistake.UNKNOWN_FIELD, Mistake.MISSING_PRACTICE}:
        return data
    spoilt: dict[str, Any] = deepcopy(data)
    people = [*spoilt.get("people", ()), *([spoilt["patient"]] if "patient" in spoilt else ())]
    if mistake is Mistake.UNKNOWN_FIELD:
        spoilt["form_version"] = "7b"
    for someone in people:
        if mistake is Mistake.MISSING_PRACTICE:
            someone.pop("gp_practice", None)
        elif mistake is Mistake.WRONG_CHECK_DIGIT and "nhs_number" in someone:
            *digits, check = someone["nhs_number"]
            someone["nhs_number"] = "".join(digits) + str((int(check) + 1) % 10)
    return spoilt
