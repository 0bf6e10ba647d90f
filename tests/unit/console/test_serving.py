"""From whom a request came: what a proxy says is believed of the proxies that are named alone."""

from typing import Any

import pytest
from fastapi import FastAPI, Request

from services.console.main import how_served
from services.runtime.settings import ConsoleSettings


@pytest.mark.parametrize(
    ("proxies", "client"), [("127.0.0.1", "192.0.2.7"), ("192.0.2.7,192.0.2.8", "198.51.100.1")]
)
async def test_tries_are_counted_by_who_asks_and_not_by_the_proxy(
    proxies: str, client: str
) -> None:
    app, seen = FastAPI(), list[str]()

    @app.get("/")
    async def page(request: Request) -> None:
        assert request.client is not None
        seen.append(request.client.host)

    served = how_served(app, ConsoleSettings(proxies=proxies))
    served.load()
    scope: dict[str, Any] = {
        "type": "http",
        "method": "GET",
        "path": "/",
        "query_string": b"",
        "scheme": "http",
        "client": ("192.0.2.7", 1),
        "headers": [(b"x-forwarded-for", b"203.0.113.9, 198.51.100.1")],
    }

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": b""}

    async def send(_: object) -> None:
        return

    await served.loaded_app(scope, receive, send)

    assert seen == [client]
