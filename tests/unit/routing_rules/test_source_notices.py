from datetime import UTC, datetime

import pytest

from routing_rules.source_findings import Finding, FindingKind
from routing_rules.source_notices import owe_finding
from schemas.values import NotificationKind, Urgency
from tests.builders import staffordshire

FRIDAY_NOON = datetime(2026, 3, 6, 12, tzinfo=UTC)
SUNDAY = datetime(2026, 3, 8, 12, tzinfo=UTC)
MASH, OUT_OF_HOURS = "MASH:mash", "860:social-care:emergency-duty"
(POLICE,) = (
    source
    for source in staffordshire().settings.sources
    if source.publisher == "staffordshire-police"
)


def _silent(urgency: Urgency = Urgency.IMMEDIATE) -> Finding:
    return Finding(FindingKind.SILENT, "nothing has come", urgency, {"usual": 7})


@pytest.mark.parametrize(
    ("at", "urgency", "told"),
    [
        (FRIDAY_NOON, Urgency.IMMEDIATE, [MASH]),
        (SUNDAY, Urgency.IMMEDIATE, [MASH, OUT_OF_HOURS]),
        (SUNDAY, Urgency.NEXT_WORKING_DAY, [MASH]),
    ],
)
def test_mash_is_told_and_its_contact_when_it_cannot_wait(
    at: datetime, urgency: Urgency, told: list[str]
) -> None:
    owed = owe_finding(POLICE.publisher, POLICE, _silent(urgency), staffordshire(), at)

    assert [change.held.recipient for change in owed.changes] == told
    for change in owed.changes:
        assert change.held.kind is NotificationKind.ESCALATE
        assert change.held.about is None
        assert change.held.respond_by > at


def test_the_notice_says_what_is_wrong_and_whom_to_ring() -> None:
    owed = owe_finding(POLICE.publisher, POLICE, _silent(), staffordshire(), FRIDAY_NOON)

    (change,) = owed.changes
    assert change.owed is not None
    assert change.owed.because == "staffordshire-police: nothing has come"
    assert change.owed.content == {
        "source": "staffordshire-police",
        "finding": "silent",
        "contact": POLICE.contact,
        "do": "Ring its contact: does it send? If it cannot, ask it to telephone what is urgent.",
        "usual": 7,
    }


def test_the_same_finding_is_the_same_duty_and_a_later_one_another() -> None:
    book = staffordshire()

    one = owe_finding("p", None, _silent(), book, FRIDAY_NOON)
    again = owe_finding("p", None, _silent(), book, FRIDAY_NOON)
    later = owe_finding("p", None, _silent(), book, SUNDAY)

    assert one.finding_id == again.finding_id != later.finding_id
    assert [c.held.duty_id for c in one.changes] == [c.held.duty_id for c in again.changes]
    assert one.changes[0].held.duty_id != later.changes[0].held.duty_id
    assert one.changes[0].owed is not None
    assert one.changes[0].owed.content["contact"] == "not listed in the rulebook"


def test_every_finding_says_what_is_to_be_done() -> None:
    told = {
        kind: owe_finding(
            "marac", None, Finding(kind, "why", Urgency.IMMEDIATE), staffordshire(), FRIDAY_NOON
        )
        for kind in FindingKind
    }

    for owed in told.values():
        notice = owed.changes[0].owed
        assert notice is not None
        assert str(notice.content["do"]).startswith(("Ring its contact: ", "Ask the operator of "))
