"""What registers and maternity services have published so far, as the county's truth keeps it."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

Record = Mapping[str, Any]
_ACTIVE_AFTER_DUE = timedelta(days=42)
_AT_THE_TIME = ("gp_practice", "school", "address")
_FOR_EVER = ("date_of_birth", "name")


@dataclass(frozen=True, slots=True)
class Booked:
    """A pregnancy that is booked with a provider."""

    provider: str
    booked_at: datetime
    due: date


@dataclass(slots=True)
class Published:
    """By NHS number: records with since when they hold, children, and bookings."""

    numbers: frozenset[str]
    """Every NHS number that is somebody's: another one is mistyped, and nobody's."""
    records: dict[str, list[tuple[datetime, Record]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    children: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    bookings: dict[str, list[Booked]] = field(default_factory=lambda: defaultdict(list))

    def take(self, data: Record) -> None:
        """A registration, a family link or a booking, if it says whose it is."""
        if "person" in data:
            number = data["person"].get("nhs_number")
            if number in self.numbers:
                since = datetime.fromisoformat(data["recorded_at"])
                flags = {"flags": data["flags"]} if "flags" in data else {}
                self.records[number].append((since, {**data["person"], **flags}))
        elif "mother" in data:
            number = data["mother"].get("nhs_number")
            if number in self.numbers:
                due = date.fromisoformat(data["expected_due_date"])
                booked_at = datetime.fromisoformat(data["booked_at"])
                self.bookings[number].append(Booked(data["provider"], booked_at, due))
        elif {data["from"], data["to"]} <= self.numbers:
            self.children[data["from"]].add(data["to"])

    def known(self, number: str, at: datetime) -> Record | None:
        """What was recorded of somebody by a time; who they are, whenever it was recorded."""
        rows = sorted(self.records.get(number, ()), key=lambda row: row[0])
        if not rows:
            return None
        then = {k: v for since, row in rows if since <= at for k, v in row.items()}
        found = {name: then[name] for name in (*_AT_THE_TIME, "flags") if name in then}
        return found | {name: rows[-1][1][name] for name in _FOR_EVER if name in rows[-1][1]}

    def booked(self, number: str, at: datetime) -> Booked | None:
        """The pregnancy that is under way at a time, as far as it is booked."""
        active = [
            one
            for one in self.bookings.get(number, ())
            if one.booked_at <= at and at.date() <= one.due + _ACTIVE_AFTER_DUE
        ]
        return max(active, key=lambda one: one.booked_at, default=None)


def has_flag(record: Record | None, at: datetime) -> bool:
    """Whether a local authority has flagged a child."""
    flags = (record or {}).get("flags", ())
    return any(f["state"] == "active" and f["from"] <= at.date().isoformat() for f in flags)
