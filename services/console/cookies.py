"""Cookies, and the token that every form of a session carries."""

import hmac
import secrets
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import urlsplit

from fastapi import Request
from fastapi.responses import Response

from services.runtime.errors import SettingsProblem
from services.runtime.settings import ConsoleSettings

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Cookies:
    """How cookies are set: secure, unless the console is asked by http on this machine alone."""

    is_secure: bool

    @property
    def session(self) -> str:
        """The name of the session's cookie."""
        return "__Host-fieldfare" if self.is_secure else "fieldfare"

    @property
    def sign_in(self) -> str:
        """The name of the cookie that a sign-in must come back with."""
        return "__Host-fieldfare-sign-in" if self.is_secure else "fieldfare-sign-in"

    def put(self, response: Response, name: str, value: str, *, seconds: int) -> None:
        """Sets a cookie that no script can read and no other site's form sends along."""
        response.set_cookie(
            name,
            value,
            max_age=seconds,
            path="/",
            secure=self.is_secure,
            httponly=True,
            samesite="lax",  # a link in a notice must find its reader signed in
        )

    def drop(self, response: Response, name: str) -> None:
        """Removes a cookie."""
        response.delete_cookie(name, path="/", secure=self.is_secure, httponly=True, samesite="lax")

    def session_of(self, request: Request) -> str | None:
        """The secret of the session that a request belongs to."""
        return request.cookies.get(self.session)


def cookies_for(settings: ConsoleSettings) -> Cookies:
    """How the console at this address sets cookies.

    Raises `SettingsProblem` for an address by http that is not this machine's own: whoever listens
    on the way could sign in as anybody.
    """
    address = urlsplit(settings.address)
    if address.scheme == "https":
        return Cookies(is_secure=True)
    if not is_loopback(settings.address):
        raise SettingsProblem("settings: FIELDFARE_CONSOLE__URL: must begin with https://")
    return Cookies(is_secure=False)


def is_loopback(address: str) -> bool:
    """Whether an address is this machine's own."""
    return urlsplit(address).hostname in _LOOPBACK


def new_secret() -> str:
    """A secret that nobody can guess, for a cookie or a state."""
    return secrets.token_urlsafe(32)


def form_token(secret: str) -> str:
    """The token of a session's forms; it does not tell the cookie."""
    return sha256(f"fieldfare form|{secret}".encode()).hexdigest()


def is_form_token(given: str, secret: str) -> bool:
    """Whether a form was made by a page of this session."""
    return hmac.compare_digest(given.encode(), form_token(secret).encode())
