"""A ledger with people in it who may be looked for, and the form by which they are."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from services.runtime.clock import FixedClock
from tests.builders import a_person, at_home, nhs_number
from tests.builders import police as incident
from tests.console_kit import Visitor
from tests.integration.console.desk import Desk
from tests.integration.router.kit import NOON, a_router, records_of
from tests.unit.schemas.letters import envelope, family_link, police, registration

Event = Mapping[str, Any]
ASHA, BELLA, CARL, DORA, ERIK = map(nhs_number, (1, 2, 3, 4, 5))
WHY = {"reason": "review", "reason_words": "serious case review 12"}
BORN = {"born_day": "11", "born_month": "4", "born_year": "1996"}
ASHAS_NAME = {"given": "Asha", "family": "Example"}
VICTIM = a_person(
    "victim",
    number=1,
    name=ASHAS_NAME,
    date_of_birth="1996-04-11",
    sex="female",
    pregnant="yes",
    pregnancy_id="MAT-1",
    **at_home(),
)
UNBORN = a_person("unborn", ref="u1", pregnancy_id="MAT-1", order=1)
ACCUSED = a_person(
    "alleged_perpetrator",
    ref="p2",
    number=5,
    name={"given": "Erik", "family": "Sample"},
    date_of_birth="1990-01-02",
    sex="male",
)
STRANGER = a_person(
    "child_present",
    ref="p3",
    name={"given": "Finn", "family": "Nobody"},
    date_of_birth="2019-03-03",
)
INCIDENT = police(incident(VICTIM, UNBORN, ACCUSED, STRANGER), id="incident")


def registered(number: str, *, event_id: str = "", **known: Any) -> Event:
    """A registration of somebody."""
    somebody = {"ref": "p", "role": "patient", "nhs_number": number}
    person = {**somebody, "nhs_number_status": "verified", **known}
    return registration({"person": person}, id=event_id or f"registered-{number}")


def identity(from_: str, to: str | None, reason: str) -> Event:
    """A change of identity."""
    told = {"from": from_, "reason": reason, "recorded_at": "2026-03-01T09:00:00+00:00"}
    if to is not None:
        told["to"] = to
    return envelope(
        "fieldfare.registration.identity.v1", "registration", told, id=f"{reason}-{from_}"
    )


def linked(from_: str, to: str, is_: str) -> Event:
    """A family link."""
    told = {"from": from_, "to": to, "is": is_, "recorded_at": "2026-01-01T09:00:00+00:00"}
    return family_link(told, id=f"{is_}-{from_}-{to}")


@dataclass(slots=True)
class Town:
    """A ledger into which events come, with its console."""

    desk: Desk
    taken: int = 0

    async def told(self, *events: Event) -> None:
        """Events come in, are routed and decided again, and their notices are sent."""
        router = a_router(self.desk.ledger.pool, clock=FixedClock(NOON + timedelta(hours=12)))
        for each in events:
            self.taken += 1
            await router.handle([record._replace(offset=self.taken) for record in records_of(each)])
            while await router.reconsider():
                pass
        await self.desk.publish()

    async def looks(self, by: str, subject: str = "carys", **typed: str) -> Visitor:
        """Somebody who has searched in this way, and has gone where it led."""
        visitor = await self.desk.reception.person(subject)
        await visitor.get(f"/person?by={by}")
        answer = await visitor.post("/person", by=by, **{**WHY, **typed})
        if answer.status_code == 303:
            await visitor.get(answer.headers["location"])
        return visitor

    async def finds(self, number: str, **born: str) -> Visitor:
        """Somebody who has searched by number and date of birth."""
        return await self.looks("number", nhs_number=number, **(born or BORN))
