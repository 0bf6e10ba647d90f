"""What an operator types to take back what went live, and reads before it is done."""

import asyncio
import os
import pty
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from routing_rules.rulebook import Rulebook, content_hash
from services.ledger import rulebook_orders
from services.ledger.migrate import migrate
from services.ledger.rulebook_record import Record, read_record
from services.runtime.postgres import open_pool, reading, transaction
from tests.integration.cli.running import FIELDFARE, environment
from tests.integration.router.kit import NOON, Ledger
from tests.live_rulebook import OWNER, SECOND, make_live, passed
from tests.small_rulebook import small_rulebook

pytestmark = pytest.mark.integration

OLD = small_rulebook()
NEW = small_rulebook(medium="immediate", toddlers=True)
NAMED = ("--by", "Olu Operator", "--role", "operator", "--why", "midwives ring")
TO_OLD, TO_NEW = OLD.content_hash[:12], NEW.content_hash[:12]
ALL_OF_IT = f"fieldfare rules diff sha256:{TO_NEW} sha256:{TO_OLD} --on 2026-03-06 --promises"
HOUR = timedelta(hours=1)
_OLDER = {"settings.yaml": "name: older\n"}
OUTDATED = replace(OLD, files=_OLDER, content_hash=content_hash(_OLDER))
"""What an earlier release could load."""
END = "\x04"
"""Nothing more is typed."""
Meanwhile = Callable[[], Awaitable[None]]
Answer = subprocess.CompletedProcess[str]


class Office:
    """A ledger in which the new rulebook went live after the old one, and somebody who types."""

    def __init__(self, ledger: Ledger, env: dict[str, str], folder: Path) -> None:
        self.ledger = ledger
        self.env = env
        self.folder = folder

    def type(self, *words: str) -> Answer:
        """With no terminal and nothing to read: it may not wait for an answer."""
        return subprocess.run(
            [*FIELDFARE, "rules", *words],
            cwd=self.folder,
            env=self.env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    async def go_back(self, *words: str) -> Answer:
        return await asyncio.to_thread(self.type, "roll-back", *words, *NAMED)

    async def record(self) -> Record:
        async with reading(self.ledger.pool) as connection:
            return await read_record(connection)

    async def live(self) -> str:
        live = (await self.record()).live(NOON)
        assert live is not None
        return live.content_hash


@pytest.fixture
async def office(fresh_dsn: str, tmp_path: Path) -> AsyncIterator[Office]:
    (tmp_path / "clock").write_text(NOON.isoformat())
    env = environment(
        {"FIELDFARE_POSTGRES__DSN": fresh_dsn, "FIELDFARE_CLOCK__FILE": str(tmp_path / "clock")}
    )
    async with open_pool(fresh_dsn, size=4, application_name="test") as pool:
        await migrate(pool, at=NOON)
        await make_live(pool, NOON - 2 * HOUR, OLD)
        await make_live(pool, NOON - HOUR, NEW)
        yield Office(Ledger(pool), env, tmp_path)


async def test_it_says_what_it_does_and_does_it_without_asking_where_nobody_types(
    office: Office,
) -> None:
    answer = await office.go_back()

    assert (answer.returncode, answer.stderr) == (0, "")
    lines = answer.stdout.splitlines()
    assert lines[0] == (
        f"staffordshire {TO_NEW} is live. Going back to staffordshire {TO_OLD} does this:"
    )
    assert "NO LONGER TOLD  no longer: health visiting is told (police domestic abuse)" in lines
    assert any(line.startswith("     when: role child present; age under 5") for line in lines)
    assert lines[-4:] == [
        "     0 NEWLY TOLD, 2 NO LONGER TOLD, 2 TIMING CHANGED, 0 DISCLOSURE CHANGED",
        "     1 promise proved today: 0 would be broken",
        f"All of it: {ALL_OF_IT}",
        f"staffordshire {TO_OLD} is live from now on",
    ]
    assert await office.live() == OLD.content_hash


async def test_a_dry_run_needs_no_name_changes_nothing_and_says_how_to_do_just_that(
    office: Office,
) -> None:
    shown = await asyncio.to_thread(office.type, "roll-back", "--dry-run")

    assert shown.returncode == 0
    assert "0 NEWLY TOLD, 2 NO LONGER TOLD" in shown.stdout
    *_, unchanged, how = shown.stdout.splitlines()
    assert unchanged == "nothing was changed"
    assert await office.live() == NEW.content_hash
    words = how.removeprefix("To do it: fieldfare rules ").split(" --by ")[0].split()
    assert words == ["roll-back", TO_OLD, "--instead-of", TO_NEW]
    assert (await office.go_back(*words[1:])).returncode == 0
    assert await office.live() == OLD.content_hash


async def test_what_a_dry_run_showed_is_not_done_once_something_else_is_live(
    office: Office,
) -> None:
    newest = await make_live(office.ledger.pool, NOON, small_rulebook(note="newest"))

    answer = await office.go_back(TO_OLD, "--instead-of", TO_NEW)

    assert answer.returncode == 2
    assert answer.stderr == (
        f"fieldfare: staffordshire {newest.content_hash[:12]} is live by order of Mo Example, and "
        "was not when this was shown: look at what going back would do now\n"
    )
    assert await office.live() == newest.content_hash


async def test_all_of_it_is_what_the_printed_command_says_before_and_after(office: Office) -> None:
    shown = await asyncio.to_thread(office.type, "roll-back", "--dry-run")
    command = next(line for line in shown.stdout.splitlines() if line.startswith("All of it: "))
    words = command.removeprefix("All of it: fieldfare rules ").split()

    before = await asyncio.to_thread(office.type, *words)
    await office.go_back()
    after = await asyncio.to_thread(office.type, *words)

    assert (before.returncode, before.stderr) == (1, "")
    assert before.stdout == after.stdout
    assert "On 2026-03-06: 4 changes" in before.stdout
    for line in shown.stdout.splitlines():
        if line.startswith(("NO LONGER TOLD", "TIMING CHANGED", "     when:", "     Example:")):
            assert line in before.stdout.splitlines()


async def test_typed_twice_it_is_done_once(office: Office) -> None:
    first, bare, named = [
        await office.go_back(),
        await office.go_back(),
        await office.go_back(TO_OLD, "--instead-of", TO_NEW),
    ]

    assert first.returncode == 0
    assert bare.returncode == 2
    assert "has rolled back to" in bare.stderr
    assert (named.returncode, named.stdout) == (0, f"staffordshire {TO_OLD} is live already\n")
    assert len((await office.record()).activations) == 3


async def test_of_two_who_type_it_at_once_it_is_done_once_and_both_are_told(
    office: Office,
) -> None:
    answers = await asyncio.gather(*(office.go_back(TO_OLD) for _ in range(2)))

    assert [each.returncode for each in answers] == [0, 0]
    assert sorted(each.stdout.splitlines()[-1] for each in answers) == [
        f"staffordshire {TO_OLD} is live already",
        f"staffordshire {TO_OLD} is live from now on",
    ]
    assert len((await office.record()).activations) == 3


async def test_what_goes_live_while_somebody_is_asked_is_noticed_and_nothing_is_done(
    office: Office,
) -> None:
    newest = small_rulebook(note="newest")

    async def meanwhile() -> None:
        await make_live(office.ledger.pool, NOON, newest)

    said, code = await at_a_terminal(office, "y", meanwhile)

    assert code == 2
    assert f"Make staffordshire {TO_OLD} live now? [y/N]: " in said
    assert "was not when this was shown" in said
    assert await office.live() == newest.content_hash


@pytest.mark.parametrize(
    ("typed", "code", "last"),
    [
        ("y", 0, f"staffordshire {TO_OLD} is live from now on"),
        ("n", 1, "nothing was changed"),
        (END, 1, "nothing was changed"),
    ],
)
async def test_at_a_terminal_it_asks_once_what_it_does_has_been_read(
    office: Office, typed: str, code: int, last: str
) -> None:
    said, returned = await at_a_terminal(office, typed)

    assert returned == code
    assert said.index("2 NO LONGER TOLD") < said.index("live now? [y/N]")
    assert said.splitlines()[-1] == last
    assert (await office.live() == OLD.content_hash) is (code == 0)


async def test_at_a_terminal_yes_is_not_asked_for(office: Office) -> None:
    said, code = await at_a_terminal(office, None, None, "--yes")

    assert code == 0
    assert "[y/N]" not in said
    assert await office.live() == OLD.content_hash


async def test_what_was_to_go_live_is_named_before_it_is_withdrawn(office: Office) -> None:
    later = small_rulebook(note="later")
    await to_come(office, later)

    answer = await office.go_back(TO_NEW)

    named = f"staffordshire {later.content_hash[:12]}"
    assert answer.stdout.splitlines() == [
        f"staffordshire {TO_NEW} is live, and stays so:",
        f"{named}, which was to go live Fri 6 March 2026, 13:00, will not",
        f"staffordshire {TO_NEW} is live from now on; {named} will not go live",
    ]


async def test_back_from_what_this_release_cannot_load_it_goes_and_says_what_is_not_known(
    office: Office,
) -> None:
    await make_live(office.ledger.pool, NOON, OUTDATED)

    answer = await office.go_back()

    unreadable = f"rulebook sha256:{OUTDATED.content_hash} does not load under this release"
    assert (answer.returncode, answer.stderr) == (0, "")
    assert answer.stdout.splitlines()[1:] == [
        f"UNDECIDED: what it changes cannot be said: {unreadable}",
        f"staffordshire {TO_NEW} is live from now on",
    ]


async def test_to_what_this_release_cannot_load_it_does_not_go(office: Office) -> None:
    await make_live(office.ledger.pool, NOON, OUTDATED)
    newest = await make_live(office.ledger.pool, NOON, small_rulebook(note="newest"))

    answers = [
        await office.go_back(),
        await asyncio.to_thread(office.type, "roll-back", "--dry-run"),
    ]

    for answer in answers:
        assert (answer.returncode, answer.stdout) == (2, "")
        assert f"sha256:{OUTDATED.content_hash} does not load under this release" in answer.stderr
    assert await office.live() == newest.content_hash


async def test_without_a_name_nothing_is_looked_at(office: Office) -> None:
    answer = await asyncio.to_thread(office.type, "roll-back", TO_OLD)

    assert answer.returncode == 2
    assert answer.stderr == (
        "fieldfare: --by, --role and --why say who, as what, and why; none may be blank\n"
    )
    assert await office.live() == NEW.content_hash


async def to_come(office: Office, rulebook: Rulebook) -> None:
    """It is countersigned, and goes live in an hour."""
    async with transaction(office.ledger.pool) as connection:
        on = passed(NOON.date())
        await rulebook_orders.propose(
            connection, rulebook, on, OWNER, live_from=NOON + HOUR, at=NOON
        )
        await rulebook_orders.sign(connection, rulebook.content_hash, OWNER, at=NOON)
        await rulebook_orders.countersign(connection, rulebook.content_hash, SECOND, on, at=NOON)


async def at_a_terminal(
    office: Office, types: str | None, meanwhile: Meanwhile | None = None, *more: str
) -> tuple[str, int]:
    """All that the screen shows, and the exit code; `meanwhile` happens while it asks."""
    process, ours = _started(office, *more)
    try:
        said = ""
        if types is not None:
            said = await asyncio.to_thread(_read, ours, "[y/N]: ")
            if meanwhile is not None:
                await meanwhile()
            os.write(ours, types.encode() + (b"" if types == END else b"\n"))
        said += await asyncio.to_thread(_read, ours, None)
        return said.replace("\r\n", "\n"), await asyncio.to_thread(process.wait, 60)
    finally:
        process.kill()
        process.wait()
        os.close(ours)


def _started(office: Office, *more: str) -> tuple["subprocess.Popen[bytes]", int]:
    """The command, and our end of its terminal."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [*FIELDFARE, "rules", "roll-back", *more, *NAMED],
        cwd=office.folder,
        env=office.env,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    return process, ours


def _read(terminal: int, until: str | None) -> str:
    """What is shown until it ends so, or until nobody shows anything any more."""
    said = b""
    while until is None or not said.decode(errors="replace").endswith(until):
        try:
            part = os.read(terminal, 4096)
        except OSError:  # the other end was closed
            break
        if not part:
            break
        said += part
    return said.decode()
