"""The checker of examples finds what it is there to find: a checker that nods proves nothing."""

from typing import Any

import pytest

from tests.expectations import Seen, standing, unmet

GP: dict[str, Any] = {
    "duty_id": "d1",
    "kind": "notify",
    "service": "gp",
    "recipient": "Y90004:gp",
    "recipient_sequence": 1,
    "about": {"ref": "p1", "nhs_number": "9990000034"},
    "asks": ["acknowledge", "record"],
    "instead_of": None,
    "content": {"risk": "high"},
}
MASH = {**GP, "duty_id": "d2", "service": "mash", "recipient": "MASH:mash", "instead_of": "gp"}
WITHDRAWN = {**GP, "kind": "withdraw", "recipient_sequence": 2}


@pytest.mark.parametrize(
    ("expect", "seen"),
    [
        ({"duties": [{"about": "p1", "service": "gp", "asks": ["record"]}]}, Seen([GP])),
        ({"duties": [{"about": "x"}], "about_known": {"x": "9990000034"}}, Seen([GP])),
        ({"never": [{"about": "p2"}]}, Seen([GP])),
        ({"only_services": {"p1": ["gp", "mash"]}}, Seen([GP, MASH])),
        ({"nobody": [{"about": "p1", "service": "gp"}]}, Seen(nobody=[{"about": "p1"}])),
        ({"carries": [{"about": "p1", "must_contain": ["high"]}]}, Seen([GP])),
        ({"private": [{"service": "gp", "must_not_contain": ["low"]}]}, Seen([GP])),
        ({"once": True}, Seen([GP, MASH, {**WITHDRAWN}])),
        ({"warned": ["data.risk"]}, Seen(warned=["data.risk"])),
        ({"refused": "type"}, Seen(refused="type")),
        ({"must_not_leak": ["secret"]}, Seen([GP], texts=["nothing"])),
    ],
)
def test_what_is_as_expected_passes(expect: dict[str, Any], seen: Seen) -> None:
    assert unmet(expect, seen) == []


@pytest.mark.parametrize(
    ("expect", "seen"),
    [
        ({"duties": [{"about": "p1", "service": "camhs"}]}, Seen([GP])),
        ({"duties": [{"about": "p1", "asks": ["act"]}]}, Seen([GP])),
        ({"duties": [{"about": "p1"}]}, Seen([GP, WITHDRAWN])),
        ({"duties": [{"about": "x"}], "about_known": {"x": "9990000042"}}, Seen([GP])),
        ({"never": [{"about": "p1", "service": "gp"}]}, Seen([GP, WITHDRAWN])),
        ({"only_services": {"p1": ["mash"]}}, Seen([GP])),
        ({"nobody": [{"about": "p1", "service": "gp"}]}, Seen(nobody=[{"about": "p2"}])),
        (
            {"nobody": [{"about": "p1", "service": "gp"}]},
            Seen(nobody=[{"about": "p1", "service": "mash"}]),
        ),
        ({"carries": [{"about": "p1", "must_contain": ["low"]}]}, Seen([GP])),
        ({"carries": [{"about": "p2", "must_contain": ["high"]}]}, Seen([GP])),
        ({"private": [{"service": "gp", "must_not_contain": ["high"]}]}, Seen([GP])),
        ({"once": True}, Seen([GP, {**GP, "recipient_sequence": 2}])),
        ({"once": True}, Seen([GP, {**WITHDRAWN, "recipient_sequence": 3}])),
        ({"warned": ["data.risk"]}, Seen()),
        ({"refused": "type"}, Seen()),
        ({}, Seen(refused="type")),
        ({"must_not_leak": ["high"]}, Seen([GP])),
        ({"must_not_leak": ["secret"]}, Seen(texts=["a secret"])),
        ({"dutys": []}, Seen()),
    ],
)
def test_what_is_not_as_expected_is_found(expect: dict[str, Any], seen: Seen) -> None:
    assert len(unmet(expect, seen)) == 1


def test_what_stands_is_the_last_of_each_duty_that_is_not_withdrawn() -> None:
    update = {**GP, "kind": "update"}

    assert standing([GP, MASH, update]) == [update, MASH]
    assert standing([GP, WITHDRAWN]) == []
    assert standing([{"kind": "notify"}, {"kind": "notify"}]) == [{"kind": "notify"}] * 2
