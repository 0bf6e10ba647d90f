"""A disclosure-scheme event is never kept, however it comes."""

import json

import pytest

from schemas.forbidden import is_forbidden_type
from schemas.reasons import Reason
from schemas.values import EventType
from tests.unit.schemas.letters import binary, police, refused, to_bytes

SCHEME = "fieldfare.police.disclosure-scheme.v1"


@pytest.mark.parametrize(
    "event_type",
    [
        SCHEME,
        "fieldfare.police.dvds.v1",
        "fieldfare.marac.clares-law.v7",
        "fieldfare.emergency.Disclosure_Scheme.v1",
        "com.example.Clare's Law",
        "fieldfare.police.DVDS-right-to-ask.v1",
        "fieldfare.police.domestic-violence-disclosure\0-scheme.v1",
    ],
)
def test_a_forbidden_type_of_any_family_is_refused_and_not_kept(event_type: str) -> None:
    refusal = refused(to_bytes(police(type=event_type)), family="marac")
    assert (refusal.field, refusal.reason) == ("type", Reason.FORBIDDEN_TYPE)
    assert not refusal.keep_bytes
    assert (refusal.source, refusal.id) == ("urn:fieldfare:source:staffordshire-police", "event-1")
    assert len(refusal.sha256) == 32


def test_no_type_that_is_read_is_forbidden() -> None:
    assert not any(is_forbidden_type(event_type) for event_type in EventType)


FORBIDDEN = to_bytes(police(type=SCHEME))
BROKEN = {
    "cut short": FORBIDDEN[:-20],
    "too large": to_bytes(police({"narrative": "x" * 1_048_576}, type=SCHEME)),
    "far too large": to_bytes(police({"narrative": "x" * 9_000_000}, type=SCHEME)),
    "escaped": FORBIDDEN.replace(b"disclosure-", b"disclosure\\u002d"),
    "escaped and cut short": FORBIDDEN.replace(b"disclosure-", b"disclosure\\u002D")[:-20],
    "utf-16": json.dumps(police(type=SCHEME)).encode("utf-16"),
    "a list": b"[" + FORBIDDEN + b"]",
    "twice, first": FORBIDDEN.replace(b'"type"', b'"type": "x", "type"'),
    "twice, last": FORBIDDEN.replace(b'"specversion"', b'"type": "x", "specversion"'),
    "twice, a permitted one last": FORBIDDEN.replace(
        b'"time"', b'"type": "fieldfare.police.domestic-abuse.v1", "time"'
    ),
    "another version": FORBIDDEN.replace(b'"1.0"', b'"0.3"'),
    "another publisher": FORBIDDEN.replace(b"staffordshire-police", b"somebody"),
    "no people": to_bytes(police({"people": []}, type=SCHEME)),
    "python": str(police(type=SCHEME)).encode(),
    "wrapped in text": json.dumps(json.dumps(police(type=SCHEME))).encode(),
    "wrapped in an object": json.dumps({"event": police(type=SCHEME)}).encode(),
    "another case": FORBIDDEN.replace(b'"type"', b'"Type"'),
    "with a bad byte": FORBIDDEN[:-20] + b"\xff",
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_message_of_a_forbidden_type_is_not_kept(name: str) -> None:
    refusal = refused(BROKEN[name])
    assert (refusal.field, refusal.reason) == ("type", Reason.FORBIDDEN_TYPE)
    assert not refusal.keep_bytes


@pytest.mark.parametrize("body", [None, b"", b"not json", to_bytes(police()), b"[]"])
def test_a_forbidden_type_in_the_headers_is_enough(body: bytes | None) -> None:
    refusal = refused(body or b"", [("CE_TYPE", SCHEME.encode())])
    assert (refusal.field, refusal.keep_bytes) == ("type", False)


def test_a_forbidden_type_within_a_body_outweighs_a_permitted_one_in_the_headers() -> None:
    _, headers = binary(police())
    for body in (FORBIDDEN, FORBIDDEN[:-20]):
        refusal = refused(body, headers)
        assert (refusal.field, refusal.keep_bytes) == ("type", False)


@pytest.mark.parametrize(
    "body",
    [
        b"<event>Clare's Law, right to know</event>",
        b"DVDS application of Asha Example",
        b'{"kind": "disclosure scheme"}',
        b'{"type": 7, "note": "dvds"}',
    ],
)
def test_in_doubt_a_body_of_no_known_type_is_not_kept(body: bytes) -> None:
    refusal = refused(body)
    assert refusal.reason != Reason.FORBIDDEN_TYPE
    assert not refusal.keep_bytes


@pytest.mark.parametrize(
    "body",
    [
        to_bytes(police({"people": [], "narrative": "an earlier DVDS application"})),
        to_bytes(police({"narrative": "an earlier DVDS application"}))[:-1],
        to_bytes(police({"narrative": "Clare's law"}, type="fieldfare.police.burglary.v1")),
        b'{"note": "advdsb"}',
        b"not json",
    ],
)
def test_a_permitted_event_that_speaks_of_the_scheme_is_kept(body: bytes) -> None:
    assert refused(body).keep_bytes


def test_a_body_in_binary_mode_with_a_permitted_type_is_kept_although_it_speaks_of_it() -> None:
    _, headers = binary(police())
    assert refused(b"not json: dvds", headers).keep_bytes
