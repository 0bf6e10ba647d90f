"""Signing in and out."""

from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from services.console.cookies import new_secret
from services.console.guard import safe_return
from services.console.parts import Console, console_of, person_of, record, request_id_of
from services.console.problems import ProviderAway, SignInRefused, TooOften
from services.console.rendering import show
from services.ledger.console_sessions import LONGEST, Person
from services.ledger.console_views import Deed, View, record_view
from services.runtime.logging import get_logger
from services.runtime.postgres import transaction

pages = APIRouter()
_log = get_logger(__name__)
_TEN_MINUTES = 600
_AWAY = "The sign-in service does not answer. Try again in a minute, or tell your operator."
_NOT_KNOWN = (
    "Signing in did not work: it took longer than ten minutes, or was begun in another window. "
    "Sign in again."
)
_REFUSED = (
    "Your sign-in service knows you, but says nothing that lets you use Fieldfare. "
    "Ask whoever looks after your account for a role in Fieldfare."
)


@pages.get("/sign-in")
async def sign_in(request: Request, to: str = "/") -> Response:
    """The page from which people sign in; `to` is where they were going."""
    return _sign_in_page(request, safe_return(to))


@pages.get("/sign-in/begin")
async def begin(request: Request, to: str = "/") -> Response:
    """Sends the browser to the identity provider."""
    console, at = console_of(request), console_of(request).now()
    _limit(request, console)
    try:
        url, state, sign_in = await console.provider.begin(safe_return(to), at=at)
    except (ProviderAway, SignInRefused) as error:
        _log.error("sign_in_cannot_begin", exc_info=error)
        return _sign_in_page(request, safe_return(to), _AWAY, status=503)
    await console.sessions.begin_sign_in(state, sign_in, at=at)
    answer = RedirectResponse(url, 303)
    console.cookies.put(answer, console.cookies.sign_in, state, seconds=_TEN_MINUTES)
    return answer


@pages.get("/sign-in/back")
async def back(request: Request, state: str = "", code: str = "") -> Response:
    """Where the identity provider sends the browser back to."""
    console, at = console_of(request), console_of(request).now()
    begun_here = state and state == request.cookies.get(console.cookies.sign_in)
    sign_in = await console.sessions.take_sign_in(state, at=at) if begun_here else None
    if sign_in is None or not code:  # else it was counted when it began
        _limit(request, console)
        return _sign_in_page(request, "/", _NOT_KNOWN, status=400)
    try:
        person = await console.provider.finish(code, sign_in, at=at)
    except ProviderAway as error:
        _log.error("sign_in_cannot_end", exc_info=error)
        return _sign_in_page(request, sign_in.return_to, _AWAY, status=503)
    except SignInRefused as error:
        _log.warning("sign_in_refused", exc_info=error)
        return _sign_in_page(request, sign_in.return_to, _REFUSED, status=403)
    return await _signed_in(request, console, person, sign_in.return_to)


@pages.post("/sign-out")
async def sign_out(request: Request) -> Response:
    """Ends the session here. The identity provider's own may go on."""
    console = console_of(request)
    secret = console.cookies.session_of(request)
    await record(request, View(Deed.SIGNED_OUT))
    if secret is not None:
        await console.sessions.end(secret, at=console.now())
    answer = RedirectResponse("/signed-out", 303)
    console.cookies.drop(answer, console.cookies.session)
    return answer


@pages.get("/signed-out")
async def signed_out(request: Request) -> Response:
    """Says that nobody is signed in any more."""
    return show(request, "signed_out.html")


@pages.get("/")
async def home(request: Request) -> Response:
    """Each to the page that they need first."""
    roles = person_of(request).roles
    return RedirectResponse("/worklist" if roles == {"team_member"} else "/now", 303)


async def _signed_in(request: Request, console: Console, person: Person, to: str) -> Response:
    """A new session, whatever the browser had before."""
    at, secret = console.now(), new_secret()
    before = console.cookies.session_of(request)
    if before is not None:
        await console.sessions.end(before, at=at)
    async with transaction(console.pool) as connection:
        view = View(Deed.SIGNED_IN)
        await record_view(connection, view, person, request_id=request_id_of(request), at=at)
    await console.sessions.begin(secret, person, at=at)
    answer = RedirectResponse(safe_return(to), 303)
    console.cookies.put(
        answer, console.cookies.session, secret, seconds=int(LONGEST.total_seconds())
    )
    console.cookies.drop(answer, console.cookies.sign_in)
    return answer


def _sign_in_page(
    request: Request, to: str, problem: str | None = None, *, status: int = 200
) -> Response:
    values = {"to": quote(to, safe=""), "problem": problem, "was_going": to != "/"}
    return show(request, "sign_in.html", values, status=status)


def _limit(request: Request, console: Console) -> None:
    """Raises `TooOften`: somebody, or something, tries to sign in again and again."""
    client = request.client.host if request.client else "unknown"
    if not console.sign_in_rate.allows(client, console.now()):
        raise TooOften("Wait a minute, then sign in again.")
