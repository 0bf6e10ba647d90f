"""What in registrations cannot be so, or cannot be used: a closed set of reasons, never a guess.

Each becomes a data-quality duty of MASH. A reason holds nothing of what was told.
"""

from dataclasses import dataclass
from enum import StrEnum


class ProblemKind(StrEnum):
    """The reasons, in the words that a MASH coordinator reads."""

    CONTRADICTORY = "two records of the same time contradict each other; read as not known"
    UNVERIFIED = "the NHS number is not verified, and no date of birth confirms it; not used"
    NO_NHS_NUMBER = "no usable NHS number; not used"
    LINK_TO_ONESELF = "a person cannot be their own family; not used"
    LINK_END_UNUSABLE = "this end of a family link is not usable; not used"
    LINK_UNKNOWN = "what the two people are to each other is not told; not used"
    PARENT_TOO_YOUNG = "a parent who is not ten years older than the child; not used"
    IDENTITY_UNUSABLE = "this change of identity does not say from what to what; not used"
    IDENTITY_OF_ONESELF = "an NHS number cannot give way to itself; not used"
    IDENTITY_CYCLE = "NHS numbers are said to give way to each other in a circle; not used"
    STILL_JOINED = "said to be two people again, but joined by way of another number; not parted"
    PREGNANCY_UNCLEAR = "several pregnancies go by this name; which is meant is not known; not used"
    IMPLAUSIBLE_DUE_DATE = "the expected due date cannot belong to this booking; read as not known"
    WHOSE_LOSS = "of several babies one was lost, and which is not told; all are still told about"
    UNKNOWN_SCHOOL = "the directory knows no school with this URN"
    """Found by the facts, which have the directory."""


@dataclass(frozen=True, slots=True, order=True)
class RegisterProblem:
    """Something about one person that cannot stand: the field, why, and never its value.

    `about` is the person's NHS number; where there is none, the event's `source|id`. `field` is
    the name of a field of the event's data. `other` is the NHS number at the other end of a link.
    """

    about: str
    kind: ProblemKind
    field: str
    other: str = ""
