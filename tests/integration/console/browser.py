"""Debian's Chromium over a console that listens on this machine, as a person would use it."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Generator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import uvicorn
from playwright.async_api import BrowserContext, Page, ViewportSize, async_playwright

from services.runtime.clock import FixedClock
from services.runtime.postgres import Pool
from services.runtime.settings import PostgresSettings
from tests.console_kit import Reception, a_reception

ROOT = Path(__file__).parents[3]
AXE = ROOT / "deploy" / "console" / "node_modules" / "axe-core" / "axe.min.js"
PICTURES = ROOT / "docs" / "console"
CHROMIUM = "/usr/bin/chromium"
_ARGUMENTS = [
    "--no-sandbox",  # CI runs as root
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
_DESK: ViewportSize = {"width": 1200, "height": 900}
PHONE: ViewportSize = {"width": 320, "height": 640}
_PATIENCE = 60_000


class _Quiet(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield


@dataclass(slots=True)
class Window:
    """A browser window, and what went wrong in it."""

    context: BrowserContext
    page: Page
    address: str
    troubles: list[str] = field(default_factory=list)

    async def sign_in(self, subject: str) -> None:
        """As a person does: by the button, and a choice."""
        await self.page.goto("/sign-in")
        await self.page.get_by_role("button", name="Sign in").click()
        await self.page.locator(f"a[href*='/people/{subject}?']").click()
        await self.page.wait_for_url(lambda url: "/demonstration/" not in url)

    async def barriers(self) -> list[str]:
        """What axe finds to be in somebody's way on this page (WCAG 2.2 AA and best practice)."""
        await self.page.evaluate(AXE.read_text("utf-8"))
        found = await self.page.evaluate("axe.run()")
        return [
            f"{each['id']}: {node['html'][:160]}"
            for each in found["violations"]
            for node in each["nodes"]
        ]

    async def overflows(self) -> bool:
        """Whether the page itself must be scrolled sideways."""
        return bool(
            await self.page.evaluate(
                "document.documentElement.scrollWidth > document.documentElement.clientWidth"
            )
        )

    async def picture(self, name: str) -> None:
        """A picture of what fits on the screen, for the documents."""
        PICTURES.mkdir(exist_ok=True)
        await self.page.screenshot(path=PICTURES / f"{name}.png", animations="disabled")


@asynccontextmanager
async def listening(
    pool: Pool, clock: FixedClock, postgres: PostgresSettings | None = None
) -> AsyncIterator[Reception]:
    """A console on a free port; its pages may ask it and nobody else."""
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    reception = a_reception(pool, clock, port=port, postgres=postgres)
    reception.console.provider.transport = None
    config = uvicorn.Config(reception.app, log_config=None, timeout_graceful_shutdown=1)
    server = _Quiet(config)
    serving = asyncio.create_task(server.serve([listener]))
    try:
        yield reception
    finally:
        server.should_exit = True
        await reception.console.live.stop()
        await reception.console.rules.stop()
        await serving


@asynccontextmanager
async def a_window(address: str, size: ViewportSize = _DESK) -> AsyncIterator[Window]:
    """A fresh browser. What its pages complain of, or ask of others, is kept as trouble."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=_ARGUMENTS)
        context = await browser.new_context(base_url=address, viewport=size, locale="en-GB")
        context.set_default_timeout(_PATIENCE)
        page = await context.new_page()
        window = Window(context, page, address)
        page.on("pageerror", lambda error: window.troubles.append(f"error: {error}"))
        page.on("console", lambda said: window.troubles.append(f"{said.type}: {said.text}"))
        page.on(
            "request",
            lambda asked: (
                None
                if asked.url.startswith((address, "data:"))
                else window.troubles.append(f"asks elsewhere: {asked.url}")
            ),
        )
        try:
            yield window
        finally:
            await browser.close()
