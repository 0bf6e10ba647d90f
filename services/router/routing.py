"""How a batch is decided: the rulebook, and the pure functions that apply it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol
from uuid import UUID

from routing_rules.case import Case, DutyChange, Outcome
from routing_rules.dead_letters import owe_dead_letter, owe_unread_receipt
from routing_rules.learning import Learned, route_again, route_event
from routing_rules.register import Register
from routing_rules.rulebook import Rulebook
from schemas.events import Event
from services.ledger.live_rulebook import LiveRulebook
from services.router.messages import Post
from services.runtime.errors import PermanentError
from services.runtime.postgres import Connection


class Unroutable(PermanentError):
    """What our own routing failed on; no value is in the message."""


class RulebookUnfit(PermanentError):
    """The rulebook cannot even own a dead letter (it has no MASH): nothing may be routed."""


class RouteEvent(Protocol):
    """Decides a case; `routing_rules.learning.route_event` in production."""

    def __call__(
        self, case: Case, event: Event, register: Register, rulebook: Rulebook, at: datetime
    ) -> tuple[Case, Outcome, Learned]:
        """The case as it then stands, what changed, and what the register learned."""
        ...


class RouteAgain(Protocol):
    """Decides a case again; `routing_rules.learning.route_again` in production."""

    def __call__(
        self, case: Case, register: Register, rulebook: Rulebook, at: datetime, *, is_late: bool
    ) -> tuple[Case, Outcome, Learned]:
        """The case as it then stands, what changed, and what the register learned."""
        ...


class OweDeadLetter(Protocol):
    """MASH's duties for a dead letter; `routing_rules.dead_letters.owe_dead_letter`."""

    def __call__(
        self, dead_letter_id: UUID, field: str, reason: str, rulebook: Rulebook, at: datetime
    ) -> Sequence[DutyChange]:
        """The duties that are owed. Pure."""
        ...


@dataclass(frozen=True, slots=True)
class Routing:
    """The rulebook, where messages go, and what decides; a test may put other functions in."""

    rulebook: Rulebook
    post: Post
    route_event: RouteEvent = route_event
    route_again: RouteAgain = route_again
    owe_dead_letter: OweDeadLetter = owe_dead_letter
    owe_unread_receipt: OweDeadLetter = owe_unread_receipt

    async def under(
        self, live: LiveRulebook | None, connection: Connection, *, at: datetime
    ) -> "Routing":
        """The same under the rulebook that is live for this transaction. Raises `NoRulebookLive`.

        Ask before taking locks: a version that is new to the process must be loaded first.
        """
        if live is None:
            return self
        rulebook = (await live.read(connection, at=at)).rulebook
        return self if rulebook is self.rulebook else replace(self, rulebook=rulebook)
