"""Rows of duties, of which the console counts what each source led to."""

import json
from uuid import uuid4

import pytest

from routing_rules.explain import Casebook
from schemas.values import EventType
from services.ledger.duty_rows import duty_row
from tests.builders import NOW, a_person, an_event, at_home, staffordshire


@pytest.mark.parametrize(("setting", "is_hidden"), [("sexual_health", True), ("camhs", False)])
def test_a_duty_has_the_true_source_of_its_event_or_none(setting: str, is_hidden: bool) -> None:
    """A notice that hides a clinic says another source, under which nobody may count it."""
    girl = a_person("patient", number=3, date_of_birth="2011-05-01", **at_home())
    told = {"contact_id": "CON-1", "setting": setting, "provider": "R1E", "patient": girl}
    told |= {"concerns": ["self_harm", "sexual_health"]}
    event = an_event(EventType.COMMUNITY_CONTACT, told)
    outcome = Casebook(staffordshire()).receive(event, NOW)
    assert outcome is not None

    rows = [
        duty_row(each, each.owed, occurrence_id=uuid4(), dead_letter_id=None, at=NOW)
        for each in outcome.changes
        if each.owed is not None
    ]

    noticed = {json.dumps(each.notification["event"]) for each in outcome.changes}
    assert any("urn:fieldfare:ledger" in text for text in noticed) is is_hidden
    assert {row.event_source for row in rows} <= {event.source, None}
    assert {row.event_type for row in rows} == {event.type.value}
