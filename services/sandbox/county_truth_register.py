"""What registers and maternity services have published so far, as the county's truth keeps it.

Numbers that were joined are read as one person's, until they are parted; what is protected is
joined with nothing, and nothing leads to it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from services.sandbox.county_truth_endings import Ending, Endings

Record = Mapping[str, Any]
_ACTIVE_AFTER_DUE = timedelta(days=42)
_AT_THE_TIME = ("gp_practice", "school", "address")
_FOR_EVER = ("date_of_birth", "name", "sex")
_UNKNOWN = (None, "unknown")
_LONDON = ZoneInfo("Europe/London")


@dataclass(frozen=True, slots=True)
class Booked:
    """A pregnancy that is booked with a provider."""

    pregnancy_id: str
    provider: str | None
    booked_at: datetime
    due: date


@dataclass(slots=True)
class Published:
    """By NHS number: records with since when they hold, children; bookings; and who is who."""

    numbers: frozenset[str]
    """Every NHS number that is somebody's: another one is mistyped, and nobody's."""
    records: dict[str, list[tuple[datetime, Record]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    links: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    expecting: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """By NHS number: the pregnancies whose children will be somebody's."""
    not_theirs: set[tuple[str, str]] = field(default_factory=set)
    """Numbers and pregnancies that were linked by mistake."""
    bookings: dict[str, list[tuple[str, Record]]] = field(default_factory=lambda: defaultdict(list))
    """By pregnancy: what each event of its booking says, with its place among them."""
    changes: dict[str, list[tuple[datetime, Record]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    """Changes of identity, by each number that they speak of."""
    protected: set[str] = field(default_factory=set)
    """The numbers to which nothing may lead."""
    endings: Endings = field(default_factory=Endings)
    _same: dict[str, frozenset[str]] = field(default_factory=dict)

    def take(self, data: Record, place: str = "") -> None:
        """A registration, a family link, a booking or a change of identity, if it says whose.

        `place` is the event's among those of its publisher; without one it is the last.
        """
        if "person" in data:
            number = data["person"].get("nhs_number")
            if number in self.numbers:
                since = datetime.fromisoformat(data["recorded_at"])
                flags = {"flags": data["flags"]} if "flags" in data else {}
                self.records[number].append((since, {**data["person"], **flags}))
        elif "mother" in data:
            self._take_booking(data, place)
        elif "reason" in data:
            if data["from"] in self.numbers:
                self._take_change(data)
        elif {data["from"], data["to"]} <= self.numbers:
            self.links[data["from"]].add(data["to"])
        elif data["from"] in self.numbers and data["to"].startswith("MAT-"):
            self._expects(data)

    def _expects(self, data: Record) -> None:
        """Somebody is a parent of whoever is born of a pregnancy, or after all is not."""
        self.expecting[data["from"]].add(data["to"])
        if data.get("status") == "entered_in_error":
            self.not_theirs.add((data["from"], data["to"]))

    def _take_change(self, data: Record) -> None:
        told = (datetime.fromisoformat(data["recorded_at"]), data)
        for number in _ends(data):
            self.changes[number].append(told)
        if data["reason"] == "protected":
            self.protected.add(data["from"])
        self._same.clear()

    def _take_booking(self, data: Record, place: str) -> None:
        number, pregnancy_id = data["mother"].get("nhs_number"), data["pregnancy_id"]
        self.bookings[pregnancy_id].append((place, data))
        if number in self.numbers:
            self.endings.booked(pregnancy_id, number)

    def holder(self, number: str) -> str:
        """The number that holds in the place of this one, by what was said last."""
        for _ in range(5):  # no chain of the county is longer
            told = self.changes.get(number, [])
            joins = [(at, c) for at, c in told if c["from"] == number and _joins(c)]
            if not joins or number in self.protected:
                return number
            at, join = max(joins, key=lambda one: one[0])
            parted = any(c["reason"] == "unmerged" and when >= at for when, c in told)
            if parted or join["to"] in self.protected:
                return number
            number = join["to"]
        return number

    def same_as(self, number: str) -> frozenset[str]:
        """All numbers of the person whose number this is, by what is known now."""
        if number not in self._same:
            holds = self.holder(number)
            same = (each for each in self._told_with(number) if self.holder(each) == holds)
            self._same[number] = frozenset({number, *same})
        return self._same[number]

    def _told_with(self, number: str) -> set[str]:
        """All numbers to which changes lead from this one, one after another."""
        found, new = set[str](), {number}
        while new:
            found |= new
            new = {end for one in new for _, c in self.changes.get(one, ()) for end in _ends(c)}
            new -= found
        return found

    def children(self, number: str, at: datetime) -> frozenset[str]:
        """The numbers of somebody's children, as links and births tell of them."""
        mine, hidden = self.same_as(number), self.protected
        told = {(one, child) for one in mine for child in self.links.get(one, ())}
        told |= {(one, baby) for one in mine for baby in self.endings.babies_of(one)}
        told |= {(one, baby) for one in mine for baby in self._expected_by(one)}
        return frozenset(
            self.holder(child)
            for parent, child in told
            if not {parent, child} & hidden and self.endings.is_born_and_lives(child, at)
        )

    def _expected_by(self, number: str) -> Iterator[str]:
        """Who was born of the pregnancies to which somebody is linked, but of no hidden mother."""
        for pregnancy_id in self.expecting.get(number, ()):
            if (number, pregnancy_id) not in self.not_theirs:
                yield from self.endings.born_of(pregnancy_id, but_not_of=self.protected)

    def known(self, number: str, at: datetime) -> Record | None:
        """What was recorded of somebody by a time; who they are, whenever it was recorded."""
        rows = sorted(self._rows(number), key=lambda row: row[0])
        if not rows:
            return None
        then = [(since, row) for since, row in rows if since <= at]
        found = {**_last(row for _, row in then)}
        found = {name: found[name] for name in _AT_THE_TIME if name in found}
        ever = _last(row for _, row in rows)
        found |= {name: ever[name] for name in _FOR_EVER if name in ever}
        return found | {"flags": _flags(row for _, row in then)}

    def _rows(self, number: str) -> Iterator[tuple[datetime, Record]]:
        for each in self.same_as(number):
            yield from self.records.get(each, ())

    def booked(self, number: str, at: datetime) -> Booked | None:
        """The pregnancy that is under way at a time, as far as it is booked."""
        day = at.astimezone(_LONDON).date()
        ids = self.endings.pregnancies_of(self.same_as(number))
        told = (booked_by(self.bookings.get(pregnancy_id, ()), at) for pregnancy_id in ids)
        active = [
            one
            for one in told
            if one is not None and day <= one.due + _ACTIVE_AFTER_DUE
            if not self._is_over(number, one, day)
        ]
        return max(active, key=lambda one: one.booked_at, default=None)

    def _is_over(self, number: str, booked: Booked, day: date) -> bool:
        """Ended, by the same pregnancy's end."""
        return any(
            one.day < day and one.pregnancy_id == booked.pregnancy_id for one in self.ended(number)
        )

    def keeps_plan(self, number: str, at: datetime) -> bool:
        """Whether a plan from before somebody's birth still counts, which nobody has ended."""
        if self._has_ended_plan(number, at):
            return False
        day = at.astimezone(_LONDON).date()
        for one in self.endings.births_of(self.same_as(number)):
            mother = self.endings.mother(one)
            if mother is not None and one.day <= day and mother not in self.same_as(number):
                born = datetime.combine(one.day, time(12), tzinfo=_LONDON)
                before = flags_on(self.known(mother, born), born)
                if "unborn_plan" in before and not self._has_ended_plan(mother, at):
                    return True
        return False

    def _has_ended_plan(self, number: str, at: datetime) -> bool:
        flags = (self.known(number, at) or {}).get("flags", ())
        return any(f["kind"] == "unborn_plan" and f["state"] == "ended" for f in flags)

    def ended(self, number: str) -> list[Ending]:
        """The ends of somebody's pregnancies, the earliest first."""
        return self.endings.of_mother(self.same_as(number))


def booked_by(told: Iterable[tuple[str, Record]], at: datetime) -> Booked | None:
    """A booking as it stood at a time, by what its publisher says last; None if there is none.

    With whom she is booked is as it was then; when the child is due, as it is told now.
    """
    rows = [row for _, row in sorted(told, key=lambda placed: placed[0])]
    if not rows or rows[-1].get("status") in {"cancelled", "entered_in_error"}:
        return None
    begun = [row for row in rows if datetime.fromisoformat(row["booked_at"]) <= at]
    if not begun:
        return None
    return Booked(
        pregnancy_id=rows[0]["pregnancy_id"],
        provider=next((row["provider"] for row in reversed(begun) if "provider" in row), None),
        booked_at=datetime.fromisoformat(begun[-1]["booked_at"]),
        due=date.fromisoformat(rows[-1]["expected_due_date"]),
    )


def _ends(change: Record) -> set[str]:
    return {change["from"], change.get("to") or change["from"]}


def _joins(change: Record) -> bool:
    return change["reason"] in {"merged", "corrected"}


def _last(rows: Iterable[Record]) -> dict[str, Any]:
    """What is told last of everything."""
    return {k: v for row in rows for k, v in row.items() if v not in _UNKNOWN}


def _flags(rows: Iterable[Record]) -> list[Record]:
    """The last word on each kind of flag."""
    by_kind = {flag["kind"]: flag for row in rows for flag in row.get("flags", ())}
    return list(by_kind.values())


def flags_on(record: Record | None, at: datetime) -> frozenset[str]:
    """The kinds of flags that a local authority has set by the day of a time."""
    day = at.astimezone(_LONDON).date().isoformat()
    flags = (record or {}).get("flags", ())
    return frozenset(f["kind"] for f in flags if f["state"] == "active" and f["from"] <= day)
