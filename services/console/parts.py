"""What every page of the console is made with."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

from fastapi import Request
from jinja2 import Environment

from routing_rules.rulebook import Rulebook
from services.console.assets import Assets
from services.console.cookies import Cookies
from services.console.identity import IdentityProvider
from services.console.kept import Kept
from services.console.live import Live
from services.console.rate import Rate
from services.console.rule_office import RuleOffice
from services.ledger.console_sessions import Person, Sessions
from services.ledger.console_views import View, record_view
from services.ledger.live_rulebook import LiveRulebook
from services.ledger.pathways import Pathways
from services.router.messages import Post
from services.router.routing import Routing
from services.runtime.clock import Clock
from services.runtime.postgres import Connection, Pool, transaction
from services.runtime.settings import ConsoleSettings


@dataclass(frozen=True, slots=True)
class Console:
    """One console process: its settings, the ledger, and who says who somebody is."""

    settings: ConsoleSettings
    pool: Pool
    clock: Clock
    post: Post
    rulebooks: LiveRulebook
    sessions: Sessions
    provider: IdentityProvider
    cookies: Cookies
    templates: Environment
    assets: Assets
    sign_in_rate: Rate
    person_rate: Rate
    person_address_rate: Rate
    live: Live
    rules: RuleOffice
    pathways: Kept[Pathways]
    figures: Kept[Mapping[str, object]]

    def now(self) -> datetime:
        """The time, in UTC."""
        return self.clock.now()

    async def routing(self, connection: Connection, *, at: datetime) -> Routing:
        """How is decided under the rulebook that is live for this transaction.

        Ask before taking locks. Raises `NoRulebookLive`.
        """
        return Routing((await self.rulebooks.read(connection, at=at)).rulebook, self.post)

    async def rulebook(self) -> Rulebook:
        """The rulebook that is live now. Raises `NoRulebookLive`."""
        async with transaction(self.pool) as connection:
            return (await self.rulebooks.read(connection, at=self.now())).rulebook


def console_of(request: Request) -> Console:
    """The console that a request came to."""
    return cast("Console", request.app.state.console)


def person_of(request: Request) -> Person:
    """Who asks; the guard has seen to it that somebody is signed in."""
    return cast("Person", request.state.person)


def request_id_of(request: Request) -> UUID:
    """The request's own id, which stands in logs and in the record of views."""
    return cast("UUID", request.scope["fieldfare.request_id"])


async def record(request: Request, view: View, connection: "Connection | None" = None) -> None:
    """Records what the person sees or does before they see it; in a transaction if there is one."""
    console = console_of(request)
    person, request_id, at = person_of(request), request_id_of(request), console.now()
    if connection is not None:
        await record_view(connection, view, person, request_id=request_id, at=at)
        return
    async with transaction(console.pool) as own:
        await record_view(own, view, person, request_id=request_id, at=at)
