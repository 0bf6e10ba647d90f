import json

import pytest

from services.ledger.jsonb import from_json, headers_text, json_text, storable


def test_a_value_comes_back_as_it_went() -> None:
    value = {"b": [1, None, "ü"], "a": True}

    assert from_json(json_text(value)) == value


@pytest.mark.parametrize(
    ("text", "stored"),
    [("plain", "plain"), ("über", "über"), ("a\0b", "a\ufffdb"), ("half \ud800", "half ?")],
)
def test_text_is_made_fit_for_postgres(text: str, stored: str) -> None:
    assert storable(text) == stored


def test_headers_are_kept_in_order_and_whatever_their_bytes() -> None:
    headers = [("ce_id", b"e1"), ("x", b"\xff\0"), ("ce_id", b"e2"), ("none", None)]

    assert json.loads(headers_text(headers)) == [
        ["ce_id", "e1"],
        ["x", "\\xff\\x00"],
        ["ce_id", "e2"],
        ["none", None],
    ]
