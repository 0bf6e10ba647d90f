"""The examples for publishers in the documents: one whole event of each type."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from schemas.values import EventType

FOLDER = Path(__file__).parents[1] / "docs" / "publishers"


def _load() -> Mapping[EventType, dict[str, Any]]:
    events = [json.loads(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.json"))]
    return {EventType(event["type"]): event for event in events}


DOCUMENTED = _load()
FIRST_FAMILIES = frozenset(
    {
        EventType.POLICE_DOMESTIC_ABUSE,
        EventType.EMERGENCY_ATTENDANCE,
        EventType.MARAC_OUTCOME,
        EventType.REGISTRATION_PERSON,
        EventType.REGISTRATION_FAMILY_LINK,
        EventType.MATERNITY_BOOKING,
    }
)
"""Types that have long had tests of their own."""
PATHWAYS: Mapping[EventType, dict[str, Any]] = {
    name: event for name, event in DOCUMENTED.items() if name not in FIRST_FAMILIES
}
ROUTED_PATHWAYS: Mapping[EventType, dict[str, Any]] = {
    name: event for name, event in PATHWAYS.items() if name is not EventType.REGISTRATION_IDENTITY
}


def people_in(event: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Everybody in an event as it travels, the patient or the mother first."""
    data = event["data"]
    alone = [data[name] for name in ("patient", "person", "mother") if name in data]
    return [*alone, *data.get("babies", ()), *data.get("people", ())]
