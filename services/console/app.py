"""The console as one web application: every route behind the gate, every problem a page."""

from urllib.parse import quote

from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.responses import RedirectResponse, Response
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from services.console import (
    audit_page,
    duties_page,
    duty_page,
    event_page,
    exceptions_page,
    letter_page,
    missed_page,
    now_page,
    pathways_page,
    person_page,
    person_search,
    proposal_page,
    roll_back_page,
    rules_page,
    rules_replay_page,
    rules_standing_pages,
    sign_in_pages,
    sources_page,
    what_if_page,
    why_page,
    worklist_page,
)
from services.console.access import ACCESS
from services.console.demonstration import Demonstration, demonstration_pages
from services.console.envelope import Envelope
from services.console.guard import guard
from services.console.parts import Console, console_of
from services.console.problems import NotThere, PageProblem, SignInNeeded
from services.console.rendering import show
from services.console.workshop import WorkLost
from services.ledger.live_rulebook import NoRulebookLive
from services.runtime.logging import get_logger
from services.runtime.postgres import DatabaseAway

_log = get_logger(__name__)
_A_YEAR = "public, max-age=31536000, immutable"
_ASK_AGAIN = "no-cache"
_PAGES = (
    sign_in_pages.pages,
    now_page.pages,
    missed_page.pages,
    pathways_page.pages,
    duties_page.pages,
    exceptions_page.pages,
    letter_page.pages,
    duty_page.pages,
    event_page.pages,
    why_page.pages,
    person_search.pages,
    person_page.pages,
    worklist_page.pages,
    sources_page.pages,
    audit_page.pages,
    rules_page.pages,
    rules_standing_pages.pages,
    roll_back_page.pages,
    what_if_page.pages,
    proposal_page.pages,
    rules_replay_page.pages,
)


def build_app(console: Console, demonstration: Demonstration | None = None) -> FastAPI:
    """The application. It opens nothing and starts nothing.

    No documentation of an interface is served: the console is for people.
    """
    app = FastAPI(
        title="Fieldfare",
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,  # an address that nobody listed is refused, and led nowhere
        dependencies=[Depends(guard)],
        exception_handlers={
            PageProblem: _page_problem,
            SignInNeeded: _sign_in_needed,
            DatabaseAway: _database_away,
            NoRulebookLive: _no_rulebook,
            WorkLost: _work_lost,
            HTTPException: _http_problem,
        },
    )
    app.state.console = console
    app.add_api_route("/assets/{name}", _asset, methods=["GET"])
    for pages in _PAGES:
        _add(app, pages)
    if demonstration is not None:
        _add(app, demonstration_pages(demonstration))
    app.add_middleware(Envelope, clock=console.clock, is_secure=console.cookies.is_secure)
    return app


def _add(app: FastAPI, pages: APIRouter) -> None:
    """Each route as one of the application's own, so that whoever walks them sees them all."""
    for route in pages.routes:
        assert isinstance(route, APIRoute)  # noqa: S101 - pages hold nothing else
        app.add_api_route(route.path, route.endpoint, methods=sorted(route.methods or ()))


async def _asset(request: Request, name: str) -> Response:
    asset = console_of(request).assets.files.get(name)
    if asset is None:
        raise NotThere("There is no such file.")
    is_versioned = request.query_params.get("v") == asset.version
    kept = _A_YEAR if is_versioned else _ASK_AGAIN
    return Response(asset.content, media_type=asset.kind, headers={"cache-control": kept})


async def _page_problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, PageProblem)  # noqa: S101 - it is registered for these alone
    values = {"title": error.title, "told": error.told}
    return show(request, "problem.html", values, status=error.status)


async def _sign_in_needed(request: Request, _: Exception) -> Response:
    """To the sign-in page, and back to where the person was going; an order is not repeated."""
    access = ACCESS.get((request.method, request.scope["route"].path))
    if access is not None and access.live:
        return Response(status_code=401)
    if request.method != "GET":
        return show(request, "expired.html", status=401)
    asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    to = "" if asked == "/" else f"?to={quote(asked, safe='')}"
    return RedirectResponse(f"/sign-in{to}", 303)


async def _database_away(request: Request, error: Exception) -> Response:
    _log.error("postgres_away", exc_info=error)
    values = {
        "title": "The ledger does not answer",
        "told": "What you did last may not have been done. Wait a minute and look again before "
        "you repeat it. If it goes on, ring your operator. Nothing that came in is lost.",
    }
    return show(request, "problem.html", values, status=503)


async def _no_rulebook(request: Request, error: Exception) -> Response:
    _log.error("no_rulebook_live", exc_info=error)
    values = {
        "title": "No rulebook is live",
        "told": "Nothing can be decided until two people have signed one. Nothing that came in is "
        "lost. Ask your operator to type: fieldfare rules live",
    }
    return show(request, "problem.html", values, status=503)


async def _work_lost(request: Request, error: Exception) -> Response:
    _log.error("work_not_done", exc_info=error)
    values = {
        "title": "It could not be worked out",
        "told": "Nothing was changed. Load the page again, and repeat what you did. If it happens "
        "again, tell your operator.",
    }
    return show(request, "problem.html", values, status=503)


async def _http_problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - it is registered for these alone
    values = {"title": NotThere.title, "told": "There is no page at this address."}
    return show(request, "problem.html", values, status=error.status_code)
