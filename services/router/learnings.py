"""What a batch tells the register: gathered while it is routed, and written with it."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from routing_rules.case import Outcome
from routing_rules.known import Firing, Row
from routing_rules.learning import Learned, numbers_in
from schemas.onward_referral import OnwardReferral
from services.ledger import locks, register
from services.ledger.register import Affected, Because, OccurrencePerson
from services.runtime.postgres import Connection


@dataclass(slots=True)
class Learnings:
    """Rows and notes to be written, in the order in which they were learned.

    Every event that is learned or decided takes the next place, so that an occurrence is decided
    again only for what was learned after it was last decided.
    """

    _rows: list[Row] = field(default_factory=list)
    _fired: dict[tuple[str, str, UUID], Firing] = field(default_factory=dict)
    _no_longer: list[Firing] = field(default_factory=list)
    _people: list[OccurrencePerson] = field(default_factory=list)
    _affected: dict[tuple[str, datetime], int] = field(default_factory=dict)
    _decided: dict[UUID, int] = field(default_factory=dict)
    _look_again: dict[Because, dict[UUID, datetime | None]] = field(default_factory=dict)
    _place: int = 0

    def learn(self, learned: Learned) -> None:
        """Gathers what one event for the register told."""
        self._place += 1
        self._keep(learned)

    def decided(self, occurrence_id: UUID, outcome: Outcome, learned: Learned) -> None:
        """Gathers what one decision told of its people, and when to look at it again."""
        self._place += 1
        self._keep(learned)
        self._decided[occurrence_id] = self._place
        self._look_again.setdefault(_awaited_by(outcome), {})[occurrence_id] = outcome.look_again_at
        self._people += [
            OccurrencePerson(number, occurrence_id, outcome.occurred_at)
            for number in numbers_in(outcome.data) | learned.stands_under
        ]

    def leave_what_waits(self) -> None:
        """Leaves as it was noted when occurrences are to be looked at again."""
        self._look_again.clear()

    async def write(self, connection: Connection, *, at: datetime) -> None:
        """Writes all of it, in the caller's transaction."""
        await register.take_firings(connection, self._no_longer)
        await register.write_rows(connection, [*self._rows, *self._fired.values()], at=at)
        await register.write_people(connection, self._people)
        await self._reconsider(connection, at)
        for because, due in self._look_again.items():
            await register.reconsider_later(connection, due, because)

    async def _reconsider(self, connection: Connection, at: datetime) -> None:
        """Notes what is to be decided again.

        Who is affected is known only by now. Nearly always their locks are held already; waiting
        for one shows what a router that did not know yet what we learned has meanwhile decided.
        """
        affected = [Affected(*who, place) for who, place in self._affected.items()]
        if affected:
            await locks.lock(connection, {locks.person_lock(each.nhs_number) for each in affected})
            await register.reconsider_people(connection, affected, self._decided, at=at)

    def _keep(self, learned: Learned) -> None:
        for firing in learned.no_longer:
            self._fired.pop(_name_of(firing), None)
            self._no_longer.append(firing)
        for row in learned.rows:
            if isinstance(row, Firing):
                self._fired[_name_of(row)] = row
            else:
                self._rows.append(row)
        for number, since in learned.affected.items():
            self._affected[number, since] = self._place


def _awaited_by(outcome: Outcome) -> Because:
    """What time alone may change of this kind of occurrence."""
    is_sent_on = isinstance(outcome.data, OnwardReferral)
    return Because.ARRIVAL_OVERDUE if is_sent_on else Because.DEPARTURE_OVERDUE


def _name_of(firing: Firing) -> tuple[str, str, UUID]:
    return firing.rule, firing.nhs_number, firing.occurrence_id
