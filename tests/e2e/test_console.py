"""The console as a process of its own: what comes in over Kafka shows on the open page."""

import asyncio
import socket
import sys
import time

import pytest
from playwright.async_api import expect

from tests.e2e.running_system import REPOSITORY, RunningSystem
from tests.e2e.test_documented_commands import commands, run
from tests.integration.console.browser import a_window

_PATIENCE = 120.0


async def listens(port: int) -> None:
    """Waits until somebody listens there."""
    async with asyncio.timeout(_PATIENCE):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.2)
            else:
                writer.close()
                await writer.wait_closed()
                return


async def test_an_event_published_with_kcat_shows_on_the_open_page_by_itself(
    system: RunningSystem, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    system.environment |= {
        "FIELDFARE_CONSOLE__PORT": str(port),
        "FIELDFARE_CONSOLE__DEMONSTRATION": "true",
    }
    system.start("router")
    system.start("console")
    await listens(port)
    [publish, _] = [each for each in commands(REPOSITORY / "README.md") if each.startswith("kcat")]

    async with a_window(f"http://localhost:{port}") as window:
        await window.sign_in("carys")
        await window.page.wait_for_url("**/now")
        latest = window.page.locator("#latest tbody")
        await expect(latest).to_contain_text("Nothing has come in yet.")
        began = time.monotonic()
        await asyncio.to_thread(run, system, publish)
        published = time.monotonic()
        await expect(latest).to_contain_text("Police domestic abuse", timeout=_PATIENCE * 1000)
        shown = time.monotonic()

        assert window.page.url.endswith("/now")
        assert [each for each in window.troubles if "error" in each] == []
    with capsys.disabled():
        took = f"kcat {published - began:.1f} s; shown {shown - published:.1f} s later"
        sys.stdout.write(f"\n{took}\n")
