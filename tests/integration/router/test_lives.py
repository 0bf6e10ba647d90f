"""Births, ends of pregnancies and changes of identity through the real router, in any order."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from itertools import permutations
from typing import Any

import pytest

from routing_rules.explain import Casebook
from services.router.arrivals import arrival
from services.router.batch import write_batch
from services.router.handler import Router
from services.router.stopwatch import Stopwatch
from services.runtime.clock import FixedClock
from services.runtime.postgres import transaction
from services.runtime.topics import Topics
from tests.builders import a_person, at_home, nhs_number, police, staffordshire
from tests.integration.router.kit import Ledger, a_router, records_of
from tests.unit.schemas.letters import accepted, booking, envelope, family_link, registration
from tests.unit.schemas.letters import police as police_event

AT = datetime(2026, 3, 9, 9, tzinfo=UTC)
ASHA, BELLA, CARL, DORA, EVE = map(nhs_number, (1, 2, 3, 4, 5))
Event = Mapping[str, Any]

_MOTHER = a_person(
    "victim",
    ref="mother",
    number=1,
    date_of_birth="1996-04-11",
    sex="female",
    pregnant="yes",
    pregnancy_id="MAT-1",
    **at_home(),
)
_UNBORN = a_person("unborn", order=1, pregnancy_id="MAT-1")
_BABY = a_person("child_present", ref="baby", number=2, order=1, outcome="live", **at_home())
INCIDENT = police_event(police(_MOTHER, _UNBORN, risk="high"), id="incident")
BOOKED = booking({"mother": {**_MOTHER, "ref": "m", "role": "patient"}}, id="booked")
_PREGNANCY = {"pregnancy_id": "MAT-1", "provider": "RJE"}
BIRTH = envelope(
    "fieldfare.maternity.birth.v1",
    "rje-maternity",
    {
        **_PREGNANCY,
        "born_on": "2026-03-08",
        "mother": {**_MOTHER, "ref": "m", "role": "patient", "pregnant": "no"},
        "babies": [_BABY],
    },
    id="birth",
    time="2026-03-08T12:00:00+00:00",
)
ENDED = envelope(
    "fieldfare.maternity.ended.v1",
    "rje-maternity",
    {**_PREGNANCY, "ended_on": "2026-03-08", "outcome": "miscarriage"},
    id="ended",
    time="2026-03-08T12:00:00+00:00",
)
ALERT_WITHOUT_NUMBER = envelope(
    "fieldfare.maternity.concern.v1",
    "rje-maternity",
    {
        **_PREGNANCY,
        "identified_on": "2026-03-06",
        "mother": {"ref": "m", "role": "patient", **at_home()},
        "concerns": ["unborn_alert", "mental_health"],
    },
    id="alert",
    time="2026-03-06T12:00:00+00:00",
)


def of_the_mother(event: Event, **told: Any) -> Event:
    """The same, told of a mother whose number nobody verified, or who is given none."""
    mother = {**_MOTHER, "ref": "m", "role": "patient", "pregnant": "no", **told}
    return {**event, "data": {**event["data"], "mother": mother}}


UNVERIFIED = of_the_mother(BIRTH, nhs_number_status="unverified")
NO_NUMBER = of_the_mother(ENDED, nhs_number=None, nhs_number_status="absent")


def identity(from_: str, to: str | None, reason: str, day: int) -> Event:
    data = {
        "from": from_,
        "to": to,
        "reason": reason,
        "recorded_at": f"2026-02-{day:02}T09:00:00+00:00",
    }
    told = {name: value for name, value in data.items() if value is not None}
    return envelope("fieldfare.registration.identity.v1", "registration", told, id=f"i{day}")


def registered(number: str, **known: Any) -> Event:
    somebody = {"ref": "p", "role": "patient", "nhs_number": number}
    person = {**somebody, "nhs_number_status": "verified", **known}
    return registration({"person": person}, id=f"registered-{number}")


NOT_PREGNANT = {**_MOTHER, "pregnant": "unknown", "pregnancy_id": None, "gp_practice": None}
OF_ASHA = police_event(police(NOT_PREGNANT, risk="high"), id="of-asha")
OF_BELLA = [registered(BELLA, gp_practice="Y90016"), family_link({"from": BELLA, "to": CARL})]
MERGED, PARTED = identity(ASHA, BELLA, "merged", 1), identity(ASHA, BELLA, "unmerged", 2)
OF_CARL = [registered(CARL, date_of_birth="2019-03-03"), family_link({"from": ASHA, "to": CARL})]
PROTECTED = identity(CARL, DORA, "protected", 3)

FATHER = family_link({"from": DORA, "to": "MAT-1"}, id="father")
OF_FATHER = police_event(
    police(
        a_person("victim", ref="victim", number=5, sex="female", **at_home()),
        a_person("alleged_perpetrator", ref="father", number=4),
        police_reference="STF/father",
        incident_at="2026-03-08T20:00:00+00:00",
    ),
    id="of-father",
    time="2026-03-08T22:00:00+00:00",
)
DIED = {**ENDED, "id": "died", "data": {**ENDED["data"], "outcome": "neonatal_death"}}
AN_OTHER = booking(
    {"mother": {**_MOTHER, "ref": "m", "role": "patient", "nhs_number": CARL}},
    id="other",
    source="urn:fieldfare:source:rjf-maternity",
)
_SENT_ON = a_person("patient", ref="patient", number=2, date_of_birth="2023-05-01", **at_home())
REFERRAL = envelope(
    "fieldfare.emergency.onward-referral.v1",
    "rjf-tamworth-miu",
    {
        "referral_id": "REF-1",
        "from_site": "RJF-TAMWORTH-MIU",
        "to_site": "RJF-QUEENS-ED",
        "for": "paediatrics",
        "referred_at": "2026-03-08T18:00:00+00:00",
        "expected_by": "2026-03-08T22:00:00+00:00",
        "patient": _SENT_ON,
    },
    id="referral",
    time="2026-03-08T18:05:00+00:00",
)
ARRIVED = envelope(
    "fieldfare.emergency.attendance.v1",
    "rjf-queens-ed",
    {
        "attendance_id": "A-1",
        "site": "RJF-QUEENS-ED",
        "department": "ed",
        "status": "arrived",
        "arrived_at": "2026-03-08T20:00:00+00:00",
        "category": "unplanned_first",
        "patient": {**_SENT_ON, "nhs_number": ASHA},
    },
    id="arrived",
    time="2026-03-08T20:05:00+00:00",
)

SCENARIOS: Mapping[str, tuple[Sequence[Event], Sequence[Event], Event]] = {
    "birth": ([BOOKED], [BIRTH], INCIDENT),
    "ended": ([BOOKED], [ENDED], INCIDENT),
    "ended of no number": ([BOOKED], [NO_NUMBER], INCIDENT),
    "birth by an unverified number": ([BOOKED], [UNVERIFIED], INCIDENT),
    "alert": ([BOOKED], [ENDED], ALERT_WITHOUT_NUMBER),
    "merged": (OF_BELLA, [MERGED], OF_ASHA),
    "unmerged": (OF_BELLA, [MERGED, PARTED], OF_ASHA),
    "protected": (OF_CARL, [PROTECTED], OF_ASHA),
    "father": ([BOOKED, FATHER], [BIRTH], OF_FATHER),
    "father merged": ([BOOKED, BIRTH, FATHER], [identity(DORA, CARL, "merged", 1)], OF_FATHER),
    "baby merged": ([BIRTH, FATHER], [identity(BELLA, CARL, "merged", 1)], OF_FATHER),
    "mother protected": ([FATHER, BIRTH], [identity(ASHA, None, "protected", 1)], OF_FATHER),
    "father of the lost": ([BIRTH, FATHER], [DIED], OF_FATHER),
    "arrived by another number": ([MERGED], [ARRIVED], REFERRAL),
    "two of one name": ([BIRTH, FATHER], [AN_OTHER], OF_FATHER),
}


async def settle(router: Router, batches: Sequence[Sequence[Event]]) -> None:
    """Each batch, with everything decided again that is due after it."""
    begun: dict[str, int] = {}
    for batch in batches:
        records = []
        for each in records_of(*batch):
            offset = begun.get(each.topic, 0)
            begun[each.topic] = offset + 1
            records.append(each._replace(offset=offset))
        await router.handle(records)
        while await router.reconsider():
            pass


async def told_of(ledger: Ledger, event: Event) -> set[tuple[str, str, str, str]]:
    """Who is told about whom in the incident: ref, number, recipient, and kind."""
    rows = await ledger.rows(
        "SELECT duty.about, duty.recipient, duty.kind FROM duty"
        " INNER JOIN event ON duty.occurrence_id = event.occurrence_id"
        " WHERE event.id = $1 AND duty.state <> 'withdrawn'",
        event["id"],
    )
    found = set()
    for row in rows:
        about = json.loads(row["about"]) if row["about"] else {}
        told = (about.get("ref", ""), str(about.get("nhs_number")), row["recipient"], row["kind"])
        found.add(told)
    return found


def explained(known: Sequence[Event], event: Event) -> set[tuple[str, str]]:
    """Who would be told about whom were all the rest known before."""
    casebook = Casebook(staffordshire())
    for each in (*known, event):
        casebook.receive(accepted(each), AT)
    owed: list[dict[str, Any]] = [dict(told) for told in casebook.owed_for(accepted(event))]
    return {(str((told["about"] or {}).get("nhs_number")), str(told["recipient"])) for told in owed}


@pytest.mark.parametrize("name", SCENARIOS)
@pytest.mark.parametrize("order", [*permutations(range(3))], ids=str)
async def test_the_order_of_arrival_does_not_change_who_is_told_in_the_end(
    ledger: Ledger, name: str, order: tuple[int, ...]
) -> None:
    known, changed, event = SCENARIOS[name]
    parts: Sequence[Sequence[Event]] = [known, changed, [event]]
    router = a_router(ledger.pool, clock=FixedClock(AT))

    await settle(router, [parts[place] for place in order])

    told = await told_of(ledger, event)
    assert {(ref.split("-")[0], number) for ref, number, *_ in told} == _EXPECTED[name]
    assert {(number, to) for _, number, to, _ in told} == explained([*known, *changed], event)
    assert await ledger.waiting() == []


_EXPECTED: Mapping[str, set[tuple[str, str]]] = {
    "birth": {("mother", ASHA), ("unborn", BELLA)},
    "ended": {("mother", ASHA)},
    "ended of no number": {("mother", ASHA)},
    "birth by an unverified number": {("mother", ASHA), ("unborn", BELLA)},
    "alert": {("m", "None")},
    "merged": {("mother", BELLA), ("child", CARL)},
    "unmerged": {("mother", ASHA)},
    "protected": {("mother", ASHA)},
    "father": {("victim", EVE), ("child", BELLA)},
    "father merged": {("victim", EVE), ("child", BELLA)},
    "baby merged": {("victim", EVE), ("child", CARL)},
    "mother protected": {("victim", EVE)},
    "father of the lost": {("victim", EVE)},
    "arrived by another number": set(),
    "two of one name": {("victim", EVE)},
}


async def test_a_loss_is_told_to_nobody_who_was_told_of_the_pregnancy(ledger: Ledger) -> None:
    router = a_router(ledger.pool, clock=FixedClock(AT))

    await settle(router, [[BOOKED, INCIDENT], [ENDED]])

    gone = [n for n in await ledger.notices() if n["kind"] == "withdraw"]
    assert gone == [] or {n["because"] for n in gone} == {"do not contact about this pregnancy"}
    told = [n for n in await ledger.notices() if n["service"] not in {"midwifery", "gp"}]
    assert "miscarriage" not in json.dumps(told)


@pytest.mark.parametrize("changed", [MERGED, BIRTH], ids=["merge", "birth"])
async def test_two_routers_at_once_lose_nothing(ledger: Ledger, changed: Event) -> None:
    """A change is learned while an incident of one of its people is being decided."""
    clock = FixedClock(AT)
    deciding, learning = a_router(ledger.pool, clock=clock), a_router(ledger.pool, clock=clock)
    await settle(learning, [[*OF_BELLA, BOOKED]])
    incident = OF_ASHA if changed is MERGED else INCIDENT
    arrivals = [arrival(r, Topics("fieldfare"), deciding.read) for r in records_of(incident)]
    begin = 2 if changed is MERGED else 1

    async with transaction(ledger.pool) as connection:
        await write_batch(connection, arrivals, deciding.routing, at=AT, watch=Stopwatch())
        learned = asyncio.create_task(learning.handle(records_of(changed, begin=begin)))
        await asyncio.sleep(0.3)
        assert not learned.done()
    await learned

    assert ("learned_later", AT) in await ledger.waiting()
