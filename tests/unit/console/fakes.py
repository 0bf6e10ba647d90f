"""Sessions without a database: what the console keeps of them, in memory."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import cast

import httpx2

from services.console.access import Role
from services.console.app import build_app
from services.console.cookies import form_token
from services.ledger.console_sessions import Person, Sessions
from services.runtime.clock import FixedClock
from services.runtime.postgres import Pool
from tests.console_kit import ADDRESS, Reception, a_reception

AT = datetime(2026, 3, 6, 2, tzinfo=UTC)
NO_POOL = cast("Pool", None)
"""Whatever would be asked of a database fails: nothing of these tests may."""


@dataclass(frozen=True, slots=True)
class SessionsInMemory(Sessions):
    """Who is signed in, by the secret of the cookie."""

    people: dict[str, Person] = field(default_factory=dict)

    async def use(self, secret: str, *, at: datetime) -> Person | None:  # noqa: ARG002
        return self.people.get(secret)

    async def look(self, secret: str, *, at: datetime) -> Person | None:  # noqa: ARG002
        return self.people.get(secret)


@cache
def a_console_without_database() -> Reception:
    """A console whose every role is signed in, under the role's own name as its secret."""
    reception = a_reception(NO_POOL, FixedClock(AT))
    people = {role.value: Person(role.value, "A. Person", frozenset({role})) for role in Role}
    sessions = SessionsInMemory(NO_POOL, timedelta(minutes=15), people)
    console = replace(reception.console, sessions=sessions)
    app = build_app(console, reception.demonstration)
    return Reception(app, console, reception.demonstration, reception.clock)


def client_as(reception: Reception, secret: str | None) -> httpx2.AsyncClient:
    """A client with the cookie of a session, or without one."""
    cookies = {} if secret is None else {"fieldfare": secret}
    transport = httpx2.ASGITransport(app=reception.app)
    return httpx2.AsyncClient(transport=transport, base_url=ADDRESS, cookies=cookies)


def token_of(secret: str) -> str:
    return form_token(secret)
