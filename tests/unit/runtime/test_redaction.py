from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nhs_number.validate import calculate_checksum

from services.runtime.redaction import HIDDEN, mask, redact, shown

_VALID = "9990000018"


class _Cause(StrEnum):
    NO_RULE = "no_rule"


def _redacted(**fields: object) -> Mapping[str, object]:
    return redact(None, "info", {"event": "batch_routed", **fields})


@pytest.mark.parametrize(
    ("field", "value", "seen"),
    [
        ("events", 500, 500),
        ("seconds", 0.25, 0.25),
        ("repeated", True, True),
        ("recipient", None, None),
        ("recipient", "RJF:midwifery", "RJF:midwifery"),
        ("topic", "fieldfare.events.police.a-b", "fieldfare.events.police.a-b"),
        ("rulebook", f"staffordshire@sha256:{'0123456789abcdef' * 4}", ...),
        ("duty", UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        ("at", datetime(2026, 3, 6, tzinfo=UTC), "2026-03-06T00:00:00+00:00"),
        ("waited", timedelta(seconds=2), "0:00:02"),
        ("file", Path("/run/now"), "/run/now"),
        ("reason", _Cause.NO_RULE, "no_rule"),
        ("error", "Exception", "Exception"),
        ("offset", int(_VALID), int(_VALID)),
    ],
)
def test_ids_numbers_times_and_closed_sets_are_shown(
    field: str, value: object, seen: object
) -> None:
    assert _redacted(**{field: value})[field] == (value if seen is ... else seen)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("given_name", "asha"),
        ("family", "example"),
        ("date_of_birth", "x"),
        ("nhs_number", 7),
        ("postcode", "x"),
        ("address", {"lines": ["1"]}),
        ("narrative", "x"),
        ("reason", "overdose"),
        ("note", "x"),
        ("dsn", "x"),
        ("password", "x"),
        ("born", date(1996, 4, 11)),
        ("day", date(1996, 4, 11)),
        ("day", "1996-04-11"),
        ("day", "11/04/1996"),
        ("who", "Asha"),
        ("who", "Smith-Jones"),
        ("who", "Asha Example"),
        ("seen", "several words"),
        ("seen", object()),
        ("seen", b"bytes"),
        ("number", int(_VALID)),
    ],
)
def test_what_may_be_about_a_person_is_hidden(field: str, value: object) -> None:
    seen = _redacted(**{field: value})[field]

    assert seen == ({"lines": [HIDDEN]} if isinstance(value, dict) else HIDDEN)


def test_it_looks_inside_mappings_and_lists() -> None:
    seen = _redacted(gaps=[{"name": "asha", "from": 3}], deep={"a": {"b": {"c": {"d": 1}}}})

    assert seen["gaps"] == [{"name": HIDDEN, "from": 3}]
    assert seen["deep"] == {"a": {"b": {"c": HIDDEN}}}


def test_a_mapping_whose_keys_are_people_shows_none_of_them() -> None:
    assert shown({_VALID: 1, "Asha Example": 2}) == {HIDDEN: 2}


def test_a_long_list_is_cut() -> None:
    seen = shown(list(range(100)))

    assert isinstance(seen, list)
    assert seen[-2:] == [19, "and_80_more"]


def test_an_exception_is_its_type_and_never_its_message() -> None:
    assert shown(ValueError("Asha")) == "ValueError"


def test_an_event_with_a_value_in_its_name_is_masked() -> None:
    seen = redact(None, "info", {"event": f"routed {_VALID} of ZZ99 3CZ"})

    assert seen["event"] == f"routed {HIDDEN} of {HIDDEN}"


@pytest.mark.parametrize("text", ["zz99 3cz", "ZZ993CZ", "st4-6qg", "x@nhs.net", "SW1A 1AA"])
def test_postcodes_and_addresses_of_mail_are_masked(text: str) -> None:
    assert mask(f"a {text} b") == f"a {HIDDEN} b"


@given(st.text("0123456789", min_size=9, max_size=9), st.sampled_from(["", " ", "-"]))
def test_no_nhs_number_passes_however_it_is_spaced(nine: str, gap: str) -> None:
    check = calculate_checksum(nine)
    number = f"{nine[:3]}{gap}{nine[3:6]}{gap}{nine[6:]}{check}"
    is_valid = len(number.replace(gap, "") if gap else number) == 10

    for text in (number, f"ref:{number}", f"a {number}, b"):
        assert not is_valid or number not in mask(text)
        assert not is_valid or number not in str(shown(text))


def test_ten_digits_that_are_no_nhs_number_stay() -> None:
    assert mask("1234567890") == "1234567890"
