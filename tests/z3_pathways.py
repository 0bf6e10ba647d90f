"""What no event of a pathway can be, told to the solver in the words of who sends it.

It shares the values of the dimensions with the proof, and nothing of how its limits are made.
"""

from typing import TYPE_CHECKING, Any

import z3

from routing_rules.event_fields import NOT_THE_BABY
from schemas.values import EventType

if TYPE_CHECKING:
    from tests.z3_oracle import Oracle

Logic = Any
_BIRTH_OUTCOME = "birth outcome"
_NEEDED = (
    "maternal mental health",
    "child protection status",
    "planned mbu transfer",
    "parental responsibility",
    "ethnicity",
    "baby's practice",
    "risk marker",
)


def possible(oracle: "Oracle") -> list[Logic]:
    """What is so of every event of this kind, because of how its facts are gathered."""
    found = _babies(oracle) if _BIRTH_OUTCOME in oracle.ground.space.person_fields else []
    patient = oracle.is_one("role", ["patient"])
    match oracle.ground.space.type:
        case EventType.MATERNITY_CONCERN:
            found.append(z3.Or(*_flags(oracle, "concerns")))
        case EventType.MATERNITY_BOOKING:
            found.append(z3.Implies(patient, oracle.is_one("pregnant", ["yes"])))
        case EventType.MATERNITY_BIRTH:
            found += _counted(oracle)
        case EventType.MATERNITY_POSTNATAL_TRANSFER:
            blank = [oracle.is_one(name, ["not recorded"]) for name in _NEEDED]
            complete = oracle.is_one("safeguarding fields", ["complete"])
            found += [complete == z3.Not(z3.Or(*blank)), z3.Or(*_flags(oracle, "outcomes"))]
        case EventType.CONFERENCE_INVITATION:
            silent, invited = _flags(oracle, "no answer from"), _flags(oracle, "invited")
            found += [z3.Or(*invited), *map(z3.Implies, silent, invited)]
        case _:
            pass
    return found


def did_not_live(oracle: "Oracle") -> Logic:
    """Whether the person is a baby of whom nothing is told as of a child."""
    if _BIRTH_OUTCOME not in oracle.ground.space.person_fields:
        return False
    return oracle.is_one(_BIRTH_OUTCOME, ["stillborn", "died"])


def _flags(oracle: "Oracle", name: str) -> list[Logic]:
    values = oracle.ground.space.event_fields[name].values
    return [oracle.flag(name, value) for value in values]


def _babies(oracle: "Oracle") -> list[Logic]:
    """A baby's own outcome is one of the outcomes; no patient has one, nor the register's child."""
    fields = oracle.ground.space.person_fields
    own = [word for word in fields[_BIRTH_OUTCOME].values if word != NOT_THE_BABY]
    others = [oracle.is_one("role", ["patient"])]
    others += [oracle.flag("parent's role", word) for word in fields["parent's role"].values]
    is_baby = oracle.is_one(_BIRTH_OUTCOME, own)
    found = [z3.Implies(z3.Or(*others), z3.Not(is_baby))]
    for word in own:
        is_so = oracle.is_one(_BIRTH_OUTCOME, [word])
        found.append(z3.Implies(is_so, oracle.flag("outcomes", word)))
    return found


def _counted(oracle: "Oracle") -> list[Logic]:
    """There is a baby for each outcome, and of babies of whom nothing is told no number."""
    outcomes = _flags(oracle, "outcomes")
    number, unknown = oracle.number("babies"), oracle.unknown("babies")
    different = z3.Sum(*(z3.If(each, 1, 0) for each in outcomes))
    return [unknown == z3.Not(z3.Or(*outcomes)), z3.Or(unknown, different <= number)]
