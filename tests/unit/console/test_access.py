"""The table of roles and routes, and that nothing stands outside it."""

import re
from collections.abc import Iterator

import pytest
from fastapi.routing import APIRoute

from services.console.access import ACCESS, WITHOUT_TOKEN, Role, may_open
from tests.unit.console.fakes import a_console_without_database, client_as, token_of

_ID = "00000000-0000-0000-0000-000000000001"
PICTURE = {Role.COORDINATOR, Role.AUDITOR, Role.RULE_OWNER, Role.OPERATOR}
REVIEW = {Role.COORDINATOR, Role.AUDITOR}
MASH = {Role.COORDINATOR}
TEAM = {Role.TEAM_MEMBER}
TRIES = {Role.RULE_OWNER, Role.COORDINATOR, Role.AUDITOR}
SIGNS = {Role.RULE_OWNER}

EXPECTED: dict[tuple[str, str], set[Role]] = {
    ("GET", "/"): set(Role),
    ("POST", "/sign-out"): set(Role),
    ("GET", "/now"): PICTURE,
    ("GET", "/now/live"): PICTURE,
    ("GET", "/sources"): PICTURE,
    ("GET", "/missed"): REVIEW | TEAM,
    ("GET", "/missed.csv"): REVIEW,
    ("GET", "/pathways"): PICTURE,
    ("GET", "/duties"): REVIEW,
    ("GET", "/exceptions"): REVIEW,
    ("POST", "/exceptions/{duty_id}/take"): MASH,
    ("POST", "/exceptions/{duty_id}/give-back"): MASH,
    ("POST", "/exceptions/{duty_id}/re-process"): MASH,
    ("GET", "/exceptions/{duty_id}/content"): MASH,
    ("POST", "/exceptions/{duty_id}/content"): MASH,
    ("GET", "/duties/{duty_id}"): REVIEW,
    ("POST", "/duties/{duty_id}/resend"): MASH,
    ("POST", "/duties/{duty_id}/hand-over"): MASH,
    ("POST", "/duties/{duty_id}/close"): MASH,
    ("POST", "/duties/{duty_id}/re-process"): MASH,
    ("GET", "/events/{occurrence_id}"): REVIEW,
    ("GET", "/events/{occurrence_id}/rules"): REVIEW,
    ("POST", "/events/{occurrence_id}/re-route"): MASH,
    ("POST", "/events/{occurrence_id}/identify"): MASH,
    ("GET", "/person"): REVIEW,
    ("POST", "/person"): REVIEW,
    ("GET", "/person/{look_id}"): REVIEW,
    ("POST", "/person/{look_id}/open"): REVIEW,
    ("POST", "/person/{look_id}/timeline.pdf"): REVIEW,
    ("GET", "/worklist"): TEAM,
    ("GET", "/worklist/{notification_id}"): TEAM,
    ("POST", "/worklist/{notification_id}/answer"): TEAM,
    ("GET", "/audit"): {Role.AUDITOR},
    ("GET", "/rules"): PICTURE,
    ("GET", "/rules/text"): PICTURE,
    ("GET", "/rules/promises"): PICTURE,
    ("GET", "/rules/directory"): PICTURE,
    ("GET", "/rules/versions"): PICTURE,
    ("GET", "/rules/roll-back"): SIGNS,
    ("POST", "/rules/roll-back"): SIGNS,
    ("GET", "/rules/what-if"): TRIES,
    ("POST", "/rules/what-if"): TRIES,
    ("GET", "/rules/proposals"): PICTURE,
    ("GET", "/rules/proposals/{content_hash}"): PICTURE,
    ("POST", "/rules/proposals/{content_hash}/sign"): SIGNS,
    ("POST", "/rules/proposals/{content_hash}/countersign"): SIGNS,
    ("POST", "/rules/proposals/{content_hash}/reject"): SIGNS,
    ("GET", "/rules/proposals/{content_hash}/replay"): TRIES,
    ("POST", "/rules/proposals/{content_hash}/replay"): TRIES,
}
"""Written down a second time on purpose: widening the table must be said twice."""

OPEN = {
    ("GET", "/assets/{name}"),
    ("GET", "/sign-in"),
    ("GET", "/sign-in/begin"),
    ("GET", "/sign-in/back"),
    ("GET", "/signed-out"),
    ("GET", "/demonstration/.well-known/openid-configuration"),
    ("GET", "/demonstration/keys"),
    ("GET", "/demonstration/people"),
    ("GET", "/demonstration/people/{subject}"),
    ("POST", "/demonstration/token"),
}


def routes_of_the_application() -> Iterator[tuple[str, str]]:
    for route in a_console_without_database().app.routes:
        assert isinstance(route, APIRoute), f"{route} does not pass the gate"
        for method in route.methods or ():
            yield method, route.path


def address_of(route: str) -> str:
    return re.sub(r"\{\w+\}", _ID, route)


REFUSED = [
    (method, route, role)
    for (method, route), roles in EXPECTED.items()
    for role in Role
    if role not in roles
]


def test_every_route_of_the_application_is_in_the_table_and_no_other() -> None:
    assert set(routes_of_the_application()) == set(ACCESS)


def test_the_table_is_what_was_agreed() -> None:
    table = {route: set(access.who) for route, access in ACCESS.items() if access.who is not None}
    assert table == EXPECTED
    assert {route for route, access in ACCESS.items() if access.who is None} == OPEN


def test_only_the_demonstrations_token_is_posted_without_a_token_of_a_form() -> None:
    assert {("POST", "/demonstration/token")} == WITHOUT_TOKEN


def test_a_route_that_nobody_listed_opens_for_nobody() -> None:
    assert not may_open(frozenset(Role), "GET", "/nowhere")
    assert not may_open(frozenset(Role), "DELETE", "/missed")


@pytest.mark.parametrize(("method", "route", "role"), REFUSED)
async def test_a_role_that_is_not_listed_is_refused(method: str, route: str, role: Role) -> None:
    reception = a_console_without_database()
    sent = {"token": token_of(role)} if method == "POST" else None

    async with client_as(reception, role) as client:
        answer = await client.request(method, address_of(route), data=sent)

    assert answer.status_code == 403
    assert "You cannot open this page" in answer.text


@pytest.mark.parametrize(("method", "route"), EXPECTED)
async def test_nobody_gets_anywhere_without_signing_in(method: str, route: str) -> None:
    reception = a_console_without_database()

    async with client_as(reception, None) as client:
        answer = await client.request(method, address_of(route))

    assert answer.status_code in {303, 401}
    if answer.status_code == 303:
        assert answer.headers["location"].startswith("/sign-in")


async def test_a_route_that_was_forgotten_in_the_table_is_refused() -> None:
    reception = a_console_without_database.__wrapped__()  # not the one that others use

    async def forgotten() -> str:
        return "a secret"

    reception.app.add_api_route("/forgotten", forgotten)
    async with client_as(reception, Role.COORDINATOR) as client:
        answer = await client.get("/forgotten")

    assert answer.status_code == 404
    assert "a secret" not in answer.text
