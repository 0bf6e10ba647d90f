"""What the loss of a pregnancy means for what was told before, as the county's truth sees it.

Nobody hears any more of who was lost, nor of the pregnancy: whoever was told only because of it is
asked to let it rest. The mother's own story stays.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from services.sandbox.county_truth_endings import Ending
from services.sandbox.county_truth_people import CHILD_OF_REGISTER, Someone
from services.sandbox.county_truth_register import Published, Record

_LONDON = ZoneInfo("Europe/London")
_LONGEST = timedelta(weeks=44)
_AFTER = timedelta(days=42)
_LOST = {"stillborn", "died"}
_CHILDREN = {
    "child_present",
    "child_resident_not_present",
    "child_elsewhere",
    "sibling",
    CHILD_OF_REGISTER,
}
_OF_ONE_PREGNANCY = {"maternity.appointment-missed", "maternity.booking"}
_FOUND_BY_IT = {*_OF_ONE_PREGNANCY, "maternity.concern"}
_ALERTS = {"unborn_alert", "child_removed_before", "concealed_pregnancy"}
_TELL_OF_IT = {"maternity.birth", "maternity.ended", "maternity.postnatal-transfer"}


@dataclass(frozen=True, slots=True)
class Losses:
    """Who of an occurrence was lost, and whose pregnancy is no more; all by number."""

    lost: frozenset[str]
    bereaved: frozenset[str]
    is_moot: bool

    @property
    def are_any(self) -> bool:
        """Whether somebody may have been told of what is no more."""
        return bool(self.lost or self.bereaved)

    def left_of(self, kind: str, told: Record) -> Record | None:
        """What of an occurrence may still be told; None if all of it was of the pregnancy."""
        if kind != "maternity.concern" or not self.bereaved:
            return None if self.is_moot else told
        concerns = [each for each in told["concerns"] if each not in _ALERTS]
        return {**told, "concerns": concerns} if concerns or not told["concerns"] else None

    def heeded(self, people: list[Someone]) -> list[Someone]:
        """Those who may still be told about, as they now are."""
        return [
            replace(one, pregnant=False, is_not_pregnant=True)
            if one.number in self.bereaved
            else one
            for one in people
            if one.number not in self.lost
        ]


def losses_of(
    kind: str,
    people: list[Someone],
    published: Published,
    at: datetime,
    *,
    pregnancy_id: str | None = None,
) -> Losses:
    """What is known now of those in an occurrence that happened then.

    What is of a pregnancy (`pregnancy_id`) is of one that is lost, whoever it says that she is, as
    soon as anybody says whose that was.
    """
    lost = {one.number for one in people if _is_lost_baby(one, published)}
    bereaved: set[str] = set()
    for one in people if kind not in _TELL_OF_IT else ():
        hers = [each for each in people if each.role == "unborn" and each.mother == one.number]
        is_told_of = kind.startswith("maternity.") and one.role == "patient"
        if one.role == "unborn" or not one.is_identified:
            continue
        if not (one.pregnant or hers or is_told_of):
            continue
        ending = _ending(one, published, at)
        if ending is None:
            continue
        lost |= {child.number for child in hers if _has_lost(child, ending, published)}
        if published.endings.has_lost_all(ending.pregnancy_id):
            bereaved.add(one.number)
    if kind in _FOUND_BY_IT and pregnancy_id is not None:
        is_known = published.endings.is_known_whose(pregnancy_id)
        if is_known and published.endings.has_lost_all(pregnancy_id):
            bereaved |= {one.number for one in people if one.role == "patient"}
    is_moot = kind in _OF_ONE_PREGNANCY and bool(bereaved)
    return Losses(frozenset(lost), frozenset(bereaved), is_moot)


def _is_lost_baby(one: Someone, published: Published) -> bool:
    if one.is_baby and one.outcome in _LOST:
        return True
    return one.role in _CHILDREN and one.is_identified and published.endings.is_lost(one.number)


def _has_lost(child: Someone, ending: Ending, published: Published) -> bool:
    _, _, order = child.number.split(":")
    return published.endings.has_lost(ending.pregnancy_id, int(order))


def _ending(one: Someone, published: Published, at: datetime) -> Ending | None:
    """How the pregnancy ended that somebody is told to be in, or was until lately."""
    day = at.astimezone(_LONDON).date()
    ids = (None, one.pregnancy_id)
    told = published.ended(one.number)
    hers = [each for each in told if one.pregnancy_id is None or each.pregnancy_id in ids]
    after = [each for each in hers if day <= each.day <= day + _LONGEST]
    if after:
        return after[0]
    if published.booked(one.number, at) is not None:
        return None
    before = [each for each in hers if each.day < day <= each.day + _AFTER]
    lost = [e for e in before if published.endings.has_lost_all(e.pregnancy_id)]
    return lost[-1] if lost else None
