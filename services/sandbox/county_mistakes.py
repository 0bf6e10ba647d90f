"""The mistakes that publishers of the synthetic county make, now and then."""

from copy import deepcopy
from enum import StrEnum
from random import Random
from typing import Any

from services.sandbox.county_reports import Told

_SHARE = 0.06
_FORMER_HOME = {"lines": ["1 Former Road"], "postcode": "ZZ99 9ZZ"}


class Mistake(StrEnum):
    """What is wrong with a message."""

    WRONG_CHECK_DIGIT = "an NHS number with a wrong check digit"
    UNKNOWN_FIELD = "a field that nobody knows"
    MISSING_PRACTICE = "no practice"
    OLD_ADDRESS = "an address that they have moved away from"
    LATE = "held up on its way, so that later ones overtake it"
    REPEATED = "the same event again"
    UNREADABLE = "half a message"


_WEIGHTS = {
    Mistake.WRONG_CHECK_DIGIT: 30,
    Mistake.UNKNOWN_FIELD: 20,
    Mistake.MISSING_PRACTICE: 20,
    Mistake.OLD_ADDRESS: 10,
    Mistake.LATE: 20,
    Mistake.REPEATED: 20,
    Mistake.UNREADABLE: 10,
}
_OF_DATA = frozenset(
    {
        Mistake.WRONG_CHECK_DIGIT,
        Mistake.UNKNOWN_FIELD,
        Mistake.MISSING_PRACTICE,
        Mistake.OLD_ADDRESS,
    }
)


def drawn_mistake(chance: Random) -> Mistake | None:
    """The mistake of the next message; most have none."""
    if chance.random() >= _SHARE:
        return None
    return chance.choices(tuple(_WEIGHTS), tuple(_WEIGHTS.values()))[0]


def with_mistake(data: Told, mistake: Mistake | None, *, former_district: str) -> Told:
    """The data with a mistake in them; what is made from whole messages leaves them as they are.

    An old address is one in `former_district`. A register's own addresses are never old.
    """
    if mistake is None or mistake not in _OF_DATA:
        return data
    spoilt: dict[str, Any] = deepcopy(data)
    if mistake is Mistake.UNKNOWN_FIELD:
        spoilt["form_version"] = "7b"
    if mistake is Mistake.WRONG_CHECK_DIGIT and "from" in spoilt:
        spoilt["from"] = _mistyped(spoilt["from"])
    if mistake is Mistake.OLD_ADDRESS:
        for someone in (*spoilt.get("people", ()), *_named(spoilt, "patient")):
            someone["address"] = {**_FORMER_HOME, "district": former_district}
    for someone in (*spoilt.get("people", ()), *_named(spoilt, "patient", "person", "mother")):
        if mistake is Mistake.MISSING_PRACTICE:
            someone.pop("gp_practice", None)
        elif mistake is Mistake.WRONG_CHECK_DIGIT and "nhs_number" in someone:
            someone["nhs_number"] = _mistyped(someone["nhs_number"])
    return spoilt


def _named(data: dict[str, Any], *names: str) -> list[dict[str, Any]]:
    return [data[name] for name in names if name in data]


def _mistyped(number: str) -> str:
    """Nobody's number: its check digit is wrong."""
    return number[:-1] + str((int(number[-1]) + 1) % 10)
