"""The mistakes that publishers of the synthetic county make, now and then."""

from collections.abc import Iterable
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
    CALLED_MUM = "an accompanying adult of whom nobody asked the name"
    LEFT_BLANK = "a field that safeguarding needs, left blank"
    LATE = "held up on its way, so that later ones overtake it"
    REPEATED = "the same event again"
    UNREADABLE = "half a message"


_WEIGHTS = {
    Mistake.WRONG_CHECK_DIGIT: 30,
    Mistake.UNKNOWN_FIELD: 20,
    Mistake.MISSING_PRACTICE: 20,
    Mistake.OLD_ADDRESS: 10,
    Mistake.CALLED_MUM: 10,
    Mistake.LEFT_BLANK: 10,
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
        Mistake.CALLED_MUM,
        Mistake.LEFT_BLANK,
    }
)
_NEEDED = (
    "provider",
    "caring_responsibilities",
    "safeguarding_marker",
    "risk_marker",
    "ethnicity",
    "parental_responsibility",
    "child_protection_status",
    "household",
    "analysis_of_risk",
    "fraser_assessed",
    "exploitation_tool",
    "strengths_and_difficulties",
    "records_sent",
    "report_due_on",
    "perceived_risk",
)
_SUBJECTS = ("patient", "person", "mother")
_KNOWN_OF_MUM = ("ref", "role", "relationships")


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
    others = (*spoilt.get("people", ()), *spoilt.get("babies", ()))
    match mistake:
        case Mistake.UNKNOWN_FIELD:
            spoilt["form_version"] = "7b"
        case Mistake.LEFT_BLANK:
            spoilt = {name: told for name, told in spoilt.items() if name not in _NEEDED}
        case Mistake.CALLED_MUM:
            _call_mum(others)
        case Mistake.OLD_ADDRESS:
            for someone in (*others, *_named(spoilt, "patient")):
                someone["address"] = {**_FORMER_HOME, "district": former_district}
        case Mistake.MISSING_PRACTICE:
            for someone in (*others, *_named(spoilt, *_SUBJECTS)):
                someone.pop("gp_practice", None)
        case _:
            _mistype(spoilt, (*others, *_named(spoilt, *_SUBJECTS)))
    return spoilt


def _mistype(spoilt: dict[str, Any], people: Iterable[dict[str, Any]]) -> None:
    for told, name in ((spoilt, "from"), *((someone, "nhs_number") for someone in people)):
        if name in told:
            told[name] = _mistyped(told[name])


def _call_mum(people: Iterable[dict[str, Any]]) -> None:
    """Nobody asked an accompanying adult for a name, or for anything else."""
    for adult in people:
        if adult["role"] == "accompanying_adult":
            told = {name: adult[name] for name in _KNOWN_OF_MUM if name in adult}
            adult.clear()
            adult.update(told | {"name": {"given": "Mum"}})


def _named(data: dict[str, Any], *names: str) -> list[dict[str, Any]]:
    return [data[name] for name in names if name in data]


def _mistyped(number: str) -> str:
    """Nobody's number: its check digit is wrong."""
    return number[:-1] + str((int(number[-1]) + 1) % 10)
