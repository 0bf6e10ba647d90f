"""Around every answer: headers that protect it, an id, one line in the log, and a last resort."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.runtime.clock import Clock
from services.runtime.logging import get_logger

_log = get_logger(__name__)

_MOST_BYTES = 64 * 1024
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
_HEADERS = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
_TRANSPORT = {"strict-transport-security": "max-age=31536000"}
_LAST_RESORT = (
    b"<!doctype html><html lang=en-GB><title>Sorry, there is a problem</title>"
    b"<h1>Sorry, there is a problem</h1><p>Try again. If it happens again, tell your operator.</p>"
)
_TOO_LARGE = (
    b"<!doctype html><html lang=en-GB><title>That is too large</title><h1>That is too large</h1>"
    b"<p>Nothing was done with it. Go back, and send less at once: 50 kilobytes are the most.</p>"
)


@dataclass(slots=True)
class Envelope:
    """The outermost layer. Answers of the console are never kept by a browser, but its assets are.

    `is_secure`: whether browsers are told to come by https ever after.
    """

    app: ASGIApp
    clock: Clock
    is_secure: bool

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request; errors that nobody foresaw become one page without details."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id, begun = uuid4(), self.clock.now()
        scope["fieldfare.request_id"] = request_id
        answer = _Answer(send, _headers(request_id, is_secure=self.is_secure))
        if _announced_bytes(scope) > _MOST_BYTES:
            await _plain(answer, 413, _TOO_LARGE)
        else:
            try:
                await self.app(scope, _limited(receive), answer)
            except Exception as error:  # noqa: BLE001 - the edge of one request
                _log.error("console_failed", request_id=request_id, exc_info=error)
                if answer.status is None:
                    await _plain(answer, 500, _LAST_RESORT)
        _note(scope, answer.status, request_id, self.clock.now() - begun)


@dataclass(slots=True)
class _Answer:
    """Adds the headers as the answer begins, and remembers its status."""

    send: Send
    headers: dict[str, str]
    status: int | None = None

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            for name, value in self.headers.items():
                headers[name] = value
            headers.setdefault("cache-control", "no-store")
        await self.send(message)


def _headers(request_id: UUID, *, is_secure: bool) -> dict[str, str]:
    own = _HEADERS | {"x-request-id": str(request_id)}
    return own | _TRANSPORT if is_secure else own


def _announced_bytes(scope: Scope) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length":
            return int(value) if value.isdigit() else _MOST_BYTES + 1
    return 0


def _limited(receive: Receive) -> Callable[[], Awaitable[Message]]:
    """A body that was not announced is cut off at the same length: the form is then not whole."""
    seen = 0

    async def limited() -> Message:
        nonlocal seen
        message = await receive()
        if message["type"] == "http.request":
            seen += len(message.get("body", b""))
            if seen > _MOST_BYTES:
                return {"type": "http.disconnect"}
        return message

    return limited


async def _plain(answer: _Answer, status: int, body: bytes) -> None:
    headers = [(b"content-type", b"text/html; charset=utf-8")]
    await answer({"type": "http.response.start", "status": status, "headers": headers})
    await answer({"type": "http.response.body", "body": body})


def _note(scope: Scope, status: int | None, request_id: UUID, took: timedelta) -> None:
    """By the route and never by the address: what somebody typed into one is not ours to log."""
    route = scope.get("route")
    _log.info(
        "console_answered",
        method=scope["method"],
        route=str(getattr(route, "path", "unknown")).replace("{", ":").replace("}", ""),
        status=status,
        request_id=request_id,
        milliseconds=round(took / timedelta(milliseconds=1)),
    )
