"""A console in this process, and people who use it as a browser does, without one."""

import re
from dataclasses import dataclass, field
from html import unescape
from typing import Any
from urllib.parse import urlencode

import httpx2
from fastapi import FastAPI

from services.console.app import build_app
from services.console.demonstration import Demonstration
from services.console.main import make_console
from services.console.parts import Console
from services.runtime.clock import FixedClock
from services.runtime.postgres import Pool
from services.runtime.settings import ConsoleSettings, PostgresSettings, Settings

_TOKEN = re.compile(r'name="token" value="([0-9a-f]{64})"')
_TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
_TAG = re.compile(r"<[^>]+>")
ADDRESS = "http://localhost:8080"


@dataclass(slots=True)
class Reception:
    """A console with its clock, asked without a network."""

    app: FastAPI
    console: Console
    demonstration: Demonstration
    clock: FixedClock

    async def person(self, subject: str) -> "Visitor":
        """Somebody who has signed in as one of the invented people."""
        visitor = self.stranger()
        await visitor.sign_in(subject)
        return visitor

    def stranger(self) -> "Visitor":
        """Somebody who has not."""
        transport = httpx2.ASGITransport(app=self.app)
        return Visitor(httpx2.AsyncClient(transport=transport, base_url=ADDRESS))


@dataclass(slots=True)
class Visitor:
    """A browser without scripts: it keeps cookies, and sends the token of the last page."""

    client: httpx2.AsyncClient
    token: str = ""
    last: httpx2.Response = field(init=False)

    async def get(self, path: str, **how: Any) -> httpx2.Response:
        self.last = await self.client.get(path, **how)
        found = _TOKEN.search(self.last.text)
        self.token = found[1] if found else self.token
        return self.last

    async def follow(self, path: str) -> httpx2.Response:
        return await self.get(path, follow_redirects=True)

    async def post(self, path: str, **fields: str) -> httpx2.Response:
        sent = {"token": self.token} | {name.replace("_", "-"): v for name, v in fields.items()}
        self.last = await self.client.post(path, data=sent)
        return self.last

    async def sign_in(self, subject: str, *, to: str = "/") -> httpx2.Response:
        begun = await self.get(f"/sign-in/begin?{urlencode({'to': to})}")
        query = begun.headers["location"].partition("?")[2]
        chosen = await self.get(f"/demonstration/people/{subject}?{query}")
        await self.get(chosen.headers["location"])
        return self.last

    @property
    def title(self) -> str:
        found = _TITLE.search(self.last.text)
        return unescape(found[1]) if found else ""

    @property
    def words(self) -> str:
        """What the last page says, without its tags."""
        body = self.last.text.partition("<main")[2].partition("</main>")[0]
        return " ".join(unescape(_TAG.sub(" ", f"<{body}")).split())


def a_reception(
    pool: Pool, clock: FixedClock, *, postgres: PostgresSettings | None = None, **console: Any
) -> Reception:
    """A console over a ledger, with the demonstration's people unless told otherwise."""
    settings = Settings(
        console=ConsoleSettings(**{"demonstration": True, **console}),
        postgres=postgres or PostgresSettings(),
    )
    made, demonstration = make_console(settings, pool, clock)
    assert demonstration is not None
    app = build_app(made, demonstration)
    made.provider.transport = httpx2.ASGITransport(app=app)
    return Reception(app, made, demonstration, clock)
