"""What will be overdue, before it is."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import combinations, product
from pathlib import Path
from typing import Any

import pytest

from routing_rules.awaited import WatchedDuty, awaited_of
from schemas.values import DutyState
from services.ledger.watching import claim_due, forecast
from services.runtime.clock import FileClock
from services.runtime.postgres import transaction
from tests.integration.cli.running import fieldfare
from tests.integration.watch.rig import DAY, DUE, HOUR, Rig

pytestmark = pytest.mark.integration
NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)


def forecast_of(rig: Rig, folder: Path, *options: str, at: datetime = NOON) -> str:
    clock = FileClock(folder / "clock")
    clock.set(at)
    env = {"FIELDFARE_POSTGRES__DSN": rig.dsn, "FIELDFARE_CLOCK__FILE": str(clock.path)}
    answer = fieldfare("ledger", "forecast", *options, folder=folder, env=env)
    assert answer.returncode == 0, answer.stderr
    return answer.stdout


def as_json(rig: Rig, folder: Path, *options: str, at: datetime = NOON) -> Mapping[str, Any]:
    answer: Mapping[str, Any] = json.loads(forecast_of(rig, folder, "--json", *options, at=at))
    return answer


async def test_it_counts_what_is_due_by_tomorrow_noon_and_not_what_is_answered_by_then(
    rig: Rig, tmp_path: Path
) -> None:
    await rig.owe(3, due=DUE)
    await rig.owe(due=NOON - HOUR)
    await rig.owe(due=NOON + DAY + HOUR)
    await rig.owe(asks=(), due=DUE)
    await rig.owe(asks=("acknowledge",), state=DutyState.ACKNOWLEDGED, due=DUE)
    (ended,) = await rig.owe(due=DUE)
    await rig.end(ended)
    acting = {"asks": ("acknowledge", "act"), "service": "camhs", "recipient": "RRE:camhs"}
    await rig.owe(act_by=DUE + 9 * DAY, state=DutyState.ACKNOWLEDGED, **acting)  # type: ignore[arg-type]
    await rig.owe(act_by=NOON - HOUR, due=DUE + 9 * DAY, owed_at=NOON - DAY, **acting)  # type: ignore[arg-type]

    found = as_json(rig, tmp_path)

    assert found["by"] == "2026-03-05T12:00:00Z"
    assert (found["duties"], found["due_already"]) == (5, 2)
    assert found["by_recipient"] == [
        {"service": "camhs", "recipient": "RRE:camhs", "duties": 1, "due_already": 1},
        {"service": "midwifery", "recipient": "RJF:midwifery", "duties": 4, "due_already": 1},
    ]
    assert [(each["unmet"], each["is_overdue"]) for each in found["list"]] == [
        ("not_acknowledged", True),
        ("not_done", True),
        *[("not_acknowledged", False)] * 3,
    ]


async def test_what_has_been_escalated_is_still_overdue(rig: Rig, tmp_path: Path) -> None:
    await rig.owe(due=NOON - HOUR)
    await rig.chase(NOON - HOUR)

    found = as_json(rig, tmp_path)

    recipients = [each["recipient"] for each in found["list"]]
    assert recipients[0] == "RJF:midwifery"
    assert found["list"][0]["is_overdue"] is True


async def test_noon_is_londons_also_when_clocks_change(rig: Rig, tmp_path: Path) -> None:
    found = as_json(rig, tmp_path, at=datetime(2026, 3, 28, 23, 30, tzinfo=UTC))

    assert found["by"] == "2026-03-29T12:00:00+01:00"


async def test_it_is_shown_to_people_without_anybodys_name(rig: Rig, tmp_path: Path) -> None:
    await rig.owe(2)

    shown = forecast_of(rig, tmp_path, "--by", "2026-03-04T18:00")

    assert "midwifery  RJF:midwifery" in shown
    assert "2 duties overdue by Wed 4 Mar 18:00, 0 of them already" in shown
    assert "Asha" not in shown
    assert "9990000018" not in shown


def test_a_time_that_is_none_is_refused(tmp_path: Path) -> None:
    answer = fieldfare("ledger", "forecast", "--by", "soon", folder=tmp_path)

    assert answer.returncode == 2
    assert "--by is a time such as 2026-03-05T12:00" in answer.stderr


async def test_the_ledger_works_out_what_is_overdue_as_the_ladder_does(rig: Rig) -> None:
    asks = [
        each for count in range(4) for each in combinations(("acknowledge", "record", "act"), count)
    ]
    states = [s for s in DutyState if s not in (DutyState.WITHDRAWN, DutyState.CLOSED)]
    dates = (None, DUE - HOUR, DUE + DAY)
    for each, state, act_by in product(asks, states, dates):
        _, refused = await rig.owe(2, asks=each, state=state, act_by=act_by)
        await rig.refuse(refused, DUE - 2 * HOUR)

    expected, duties = await forecast(rig.pool, until=DUE + 9 * DAY, at=DUE, limit=1000)
    since = [awaited.since for duty in duties if (awaited := awaited_of(duty)) is not None]
    owed = await rig.rows(
        "SELECT overdue_from FROM duty WHERE overdue_from IS NOT NULL ORDER BY 1, duty_id"
    )

    assert since == [row["overdue_from"] for row in owed]
    [expected_one] = expected
    assert expected_one.duties == len(since) == len(duties)
    assert expected_one.due_already == sum(each <= DUE for each in since)
    waiting = [duty for duty in await all_of(rig) if awaited_of(duty) is not None]
    assert len(waiting) == len(since)


async def all_of(rig: Rig) -> list[WatchedDuty]:
    """Every duty, as the ladder sees it."""
    async with transaction(rig.pool) as connection:
        await connection.execute("UPDATE duty SET look_at = $1", DUE)
        return [each.duty for each in await claim_due(connection, at=DUE, limit=1000)]
