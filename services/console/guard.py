"""The one gate of the console: every route passes it, and what no table lists is refused."""

from urllib.parse import urlsplit

from fastapi import Request

from services.console.access import ACCESS, WITHOUT_TOKEN, Access
from services.console.cookies import is_form_token
from services.console.parts import console_of
from services.console.problems import FormTooOld, NotThere, NotYours, SignInNeeded
from services.ledger.console_sessions import Person

TOKEN = "token"  # noqa: S105 - the name of a form's field
_HOME = "/"


async def guard(request: Request) -> None:
    """Lets a request through if its route, its session and its form allow it.

    Afterwards `person_of(request)` answers who asks, where somebody must be signed in. Raises
    `NotThere` for a route that nobody listed, `SignInNeeded`, `NotYours` and `FormTooOld`.
    """
    route = (request.method, request.scope["route"].path)
    access = ACCESS.get(route)
    if access is None:
        raise NotThere("This address is not in use.")
    if access.who is None:
        await _check_origin(request, route)
        return
    person = await _signed_in(request, access)
    if not access.who & person.roles:
        raise NotYours("Your role may not open this page. Nothing was changed.")
    await _check_form(request)
    request.state.person = person


async def _signed_in(request: Request, access: Access) -> Person:
    console = console_of(request)
    secret = console.cookies.session_of(request)
    if secret is None:
        raise SignInNeeded("nobody is signed in")
    ask = console.sessions.look if access.live else console.sessions.use
    person = await ask(secret, at=console.now())
    if person is None:
        raise SignInNeeded("nobody is signed in any more")
    return person


async def _check_origin(request: Request, route: tuple[str, str]) -> None:
    if request.method == "POST" and route not in WITHOUT_TOKEN:
        raise FormTooOld("This form is not known.")


async def _check_form(request: Request) -> None:
    if request.method == "GET":
        return
    given = (await request.form()).get(TOKEN)
    secret = console_of(request).cookies.session_of(request)
    site = request.headers.get("sec-fetch-site", "same-origin")
    is_ours = isinstance(given, str) and secret is not None and is_form_token(given, secret)
    if not is_ours or site not in {"same-origin", "none"}:
        raise FormTooOld(
            "This form is from before you signed in, or from another site. Nothing was changed. "
            "Go back, load the page again, and send it once more."
        )


def safe_return(asked: str | None) -> str:
    """Where to go after signing in: a page of this console, whatever was asked for."""
    if not asked or not asked.startswith("/") or asked.startswith(("//", "/\\")):
        return _HOME
    parts = urlsplit(asked)
    if parts.scheme or parts.netloc or any(ord(sign) < 33 for sign in asked) or len(asked) > 500:
        return _HOME
    return asked
