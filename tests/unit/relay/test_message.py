import json
from uuid import UUID

import pytest

from services.ledger.lanes import NumberedRow
from services.relay.message import message_id_of, message_of

_ID = UUID("5f2d6a3c-3f55-5c4e-9a0e-0d6f5a1b2c3d")


def _row(body: bytes, **headers: str) -> NumberedRow:
    return NumberedRow(
        outbox_no=7,
        message_id=_ID,
        message_key="RJF:midwifery",
        recipient_sequence=17,
        headers=headers,
        body=body,
    )


@pytest.mark.parametrize("body", [b"{}", b"{ }", b'{"kind":"notify"}', b'{\n "kind": "notify"}'])
def test_the_number_is_added_to_any_object(body: bytes) -> None:
    assert json.loads(message_of(_row(body)).value) == {"recipient_sequence": 17} | json.loads(body)


def test_headers_carry_the_id_and_the_number_beside_the_row_s_own() -> None:
    message = message_of(_row(b"{}", ce_type="fieldfare.notification.v1", ce_id="something else"))

    assert dict(message.headers) == {
        "ce_type": b"fieldfare.notification.v1",
        "ce_id": str(_ID).encode(),
        "ce_sequence": b"17",
    }
    assert message.key == b"RJF:midwifery"


def test_the_id_is_found_again_in_the_log() -> None:
    assert message_id_of(message_of(_row(b"{}")).headers) == _ID


@pytest.mark.parametrize(
    "headers", [(), (("ce_id", b"not an id"),), (("ce_id", b"\xff"),), (("id", b"1"),)]
)
def test_what_is_not_the_relay_s_has_no_id(headers: tuple[tuple[str, bytes], ...]) -> None:
    assert message_id_of(headers) is None


def test_the_size_counts_everything() -> None:
    message = message_of(_row(b"{}"))

    assert message.size == len(message.key) + len(message.value) + len("ce_idce_sequence") + 36 + 2
