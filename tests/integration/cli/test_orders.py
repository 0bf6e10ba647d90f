"""What a named person types to answer, and to put right."""

import json
import subprocess
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from uuid import UUID

import pytest

from services.ledger.migrate import migrate
from services.runtime.postgres import open_pool
from tests.builders import a_person, at_home, nhs_number, police
from tests.integration.cli.running import FIELDFARE, environment
from tests.integration.router.kit import NOON, Ledger, a_router, message, records
from tests.integration.router.receipt_kit import Answers
from tests.live_rulebook import make_live

pytestmark = pytest.mark.integration

NAMED = ("--by", "C. Coordinator", "--why", "put right")
SOMEBODY = police(a_person("victim", sex="female", **at_home()), police_reference="STF/2026/000002")
Typed = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
async def answers(fresh_dsn: str) -> AsyncIterator[Answers]:
    """A ledger with a family, a person whom nobody knows, and a dead letter."""
    async with open_pool(fresh_dsn, size=4, application_name="test") as pool:
        await migrate(pool, at=NOON)
        await make_live(pool, NOON)
        unknown = message(SOMEBODY, event_id="e2")
        await a_router(pool).handle(records(message(), unknown, b"{not json"))
        yield Answers(Ledger(pool))


@pytest.fixture
def typed(fresh_dsn: str, tmp_path: Path) -> Typed:
    """Types `fieldfare ledger ...` at noon."""
    (tmp_path / "clock").write_text(NOON.isoformat())
    env = environment(
        {"FIELDFARE_POSTGRES__DSN": fresh_dsn, "FIELDFARE_CLOCK__FILE": str(tmp_path / "clock")}
    )

    def type_(*words: object, stdin: str = "") -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [*FIELDFARE, "ledger", *map(str, words)],
            cwd=tmp_path,
            env=env,
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
        )

    return type_


async def midwifery(answers: Answers) -> tuple[UUID, UUID]:
    """The duty about the pregnant victim, and its notice."""
    duty = await answers.duty()
    return duty["duty_id"], duty["notification_id"]


async def test_a_receipt_is_typed_in_for_somebody(answers: Answers, typed: Typed) -> None:
    duty_id, notice = await midwifery(answers)

    first = typed("receipt", notice, "acknowledged", "--by", "A. Midwife", "--note", "by phone")
    again = typed("receipt", notice, "acknowledged", "--by", "A. Midwife", "--note", "by phone")
    late = typed("receipt", notice, "received", "--by", "A. Midwife")
    foreign = typed("receipt", notice, "done", "--by", "A. Midwife", "--organisation", "RJE")
    unknown = typed("receipt", UUID(int=1), "done", "--by", "A. Midwife")
    blank = typed("receipt", notice, "done", "--by", " ")

    assert unknown.stderr == ""
    assert [each.stdout.strip() for each in (first, again, late, foreign, unknown)] == [
        "applied",
        "it was said already",
        "backwards",
        "foreign",
        "unknown",
    ]
    codes = [each.returncode for each in (first, again, late, foreign, unknown, blank)]
    assert codes == [0, 0, 1, 1, 1, 2]
    assert (await answers.changes(duty_id))[-1] == ("acknowledged", "A. Midwife", "acknowledged")


async def test_a_duty_is_handed_over_and_closed(answers: Answers, typed: Typed) -> None:
    duty_id, _ = await midwifery(answers)

    not_sent = typed("resend", duty_id, *NAMED)
    handed = typed("hand-over", duty_id, "--to", "RJE:midwifery", *NAMED)
    there = await answers.duty(organisation="RJE")
    closed = typed("close", there["duty_id"], *NAMED)
    nameless = typed("close", there["duty_id"], "--by", " ", "--why", "because")

    assert (not_sent.returncode, not_sent.stderr) == (
        2,
        "fieldfare: it has not gone out yet; the relay sends it\n",
    )
    assert handed.stdout == "it is handed over to RJE:midwifery\n", handed.stderr
    assert (closed.stdout, nameless.returncode) == ("it is closed\n", 2)
    assert (await answers.duty(organisation="RJE"))["state"] == "closed"


async def test_who_somebody_is_comes_from_the_keyboard_and_not_the_command_line(
    answers: Answers, typed: Typed
) -> None:
    who = ("identify", "e2", "victim", "--date-of-birth", "1996-04-11", "--by", "C. Coordinator")

    wrong = typed(*who, stdin="9990000019\n")
    told = typed(*who, "--source", "staffordshire-police", stdin=f"{nhs_number(7)}\n")

    assert wrong.returncode == 2
    assert "9990000019" not in wrong.stderr
    assert told.returncode == 0, told.stderr
    [row] = await answers.ledger.rows("SELECT * FROM identification")
    assert (row["nhs_number"], row["identified_by"]) == (nhs_number(7), "C. Coordinator")


async def test_events_are_decided_and_letters_read_again(answers: Answers, typed: Typed) -> None:
    routed = typed("re-route", "e1", *NAMED)
    missing = typed("re-route", "e9", *NAMED)
    both = typed("re-process", "--all", UUID(int=1), *NAMED)
    still_bad = typed("re-process", "--all", *NAMED)
    body = json.loads(message(SOMEBODY))
    body["data"]["police_reference"] = "STF/2026/000003"
    await answers.ledger.rows(
        "UPDATE dead_letter SET body = $1", json.dumps({**body, "id": "e3"}).encode()
    )
    good = typed("re-process", "--all", *NAMED)
    nothing_left = typed("re-process", "--all", *NAMED)

    assert routed.stdout == "decided again: 0 duties changed\n"
    assert (missing.returncode, both.returncode, still_bad.returncode) == (2, 2, 1)
    assert "the event is routed" in good.stdout
    assert (nothing_left.returncode, nothing_left.stdout) == (0, "")
