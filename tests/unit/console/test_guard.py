"""Forms, headers, and where people are sent after signing in."""

import logging

import pytest

from services.console.access import Role
from services.console.guard import safe_return
from tests.unit.console.fakes import a_console_without_database, client_as, token_of

CLOSE = "/duties/00000000-0000-0000-0000-000000000001/close"


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"token": ""},
        {"token": "0" * 64},
        {"token": token_of("auditor")},
        {"token": "\u00e9"},
    ],
)
async def test_a_form_without_the_token_of_its_session_changes_nothing(
    sent: dict[str, str],
) -> None:
    reception = a_console_without_database()

    async with client_as(reception, Role.COORDINATOR) as client:
        answer = await client.post(CLOSE, data={**sent, "close-why": "told by phone"})

    assert answer.status_code == 403
    assert "Nothing was changed" in answer.text


async def test_a_form_of_another_site_changes_nothing_even_with_a_token() -> None:
    reception = a_console_without_database()

    async with client_as(reception, Role.COORDINATOR) as client:
        answer = await client.post(
            CLOSE,
            data={"token": token_of("coordinator"), "close-why": "x"},
            headers={"sec-fetch-site": "cross-site"},
        )

    assert answer.status_code == 403


async def test_a_form_that_is_sent_after_the_session_ended_says_that_nothing_was_changed() -> None:
    reception = a_console_without_database()

    async with client_as(reception, "a session that has ended") as client:
        answer = await client.post(CLOSE, data={"token": "x", "close-why": "told by phone"})

    assert answer.status_code == 401
    assert "You were signed out" in answer.text
    assert "Nothing was changed" in answer.text


@pytest.mark.parametrize(
    ("asked", "to"),
    [
        ("/missed?notice=1&after=2", "/missed?notice=1&after=2"),
        ("/", "/"),
        (None, "/"),
        ("", "/"),
        ("https://elsewhere.example/", "/"),
        ("//elsewhere.example/", "/"),
        ("/\\elsewhere.example", "/"),
        ("javascript:alert(1)", "/"),
        ("/now\r\nset-cookie: a=b", "/"),
        ("/" + "a" * 600, "/"),
    ],
)
def test_nobody_is_sent_to_another_site_after_signing_in(asked: str | None, to: str) -> None:
    assert safe_return(asked) == to


async def test_where_somebody_was_going_is_kept_while_they_sign_in() -> None:
    reception = a_console_without_database()

    async with client_as(reception, None) as client:
        answer = await client.get("/missed?service=gp&cause=late")

    assert answer.headers["location"] == "/sign-in?to=%2Fmissed%3Fservice%3Dgp%26cause%3Dlate"


async def test_every_answer_is_protected_and_not_kept() -> None:
    reception = a_console_without_database()

    async with client_as(reception, None) as client:
        answers = [
            await client.get("/sign-in"),
            await client.get("/nowhere"),
            await client.get("/now"),
        ]

    for answer in answers:
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-request-id"]


async def test_no_page_has_a_script_or_a_style_of_its_own() -> None:
    reception = a_console_without_database()

    async with client_as(reception, None) as client:
        page = (await client.get("/sign-in")).text

    assert "<style" not in page
    assert " style=" not in page
    assert " onclick=" not in page
    assert page.count("<script") == page.count("<script src=") + page.count("<script type=")


async def test_assets_are_kept_for_ever_under_an_address_of_their_own() -> None:
    reception = a_console_without_database()
    address = reception.console.assets.address("console.css")

    async with client_as(reception, None) as client:
        versioned, plain = await client.get(address), await client.get("/assets/console.css")
        other = await client.get("/assets/..%2Fmain.py")

    assert versioned.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert plain.headers["cache-control"] == "no-cache"
    assert other.status_code == 404


async def test_styles_and_scripts_ask_no_other_host_for_anything() -> None:
    assets = a_console_without_database().console.assets
    styles = assets.files["nhsuk-frontend.min.css"].content.decode()

    assert "http://" not in styles.replace("http://www.w3.org", "")
    assert "https://" not in styles
    assert "@font-face" not in styles


async def test_an_address_that_nobody_listed_leads_nowhere_whatever_host_is_asked_for() -> None:
    async with client_as(a_console_without_database(), "operator") as client:
        answer = await client.get("/now/", headers={"host": "elsewhere.example"})

    assert answer.status_code == 404
    assert "location" not in answer.headers


async def test_a_body_that_is_too_large_is_not_read() -> None:
    reception = a_console_without_database()

    async with client_as(reception, Role.COORDINATOR) as client:
        answer = await client.post(CLOSE, content=b"a" * 70_000)

    assert answer.status_code == 413


async def test_an_error_that_nobody_foresaw_is_a_page_without_details(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.CRITICAL)
    reception = a_console_without_database()

    async with client_as(reception, Role.OPERATOR) as client:
        answer = await client.get("/sources")  # there is no database

    assert answer.status_code == 500
    assert "Sorry, there is a problem" in answer.text
    assert "AttributeError" not in answer.text
