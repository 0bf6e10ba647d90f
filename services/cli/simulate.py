"""`fieldfare simulate`: a synthetic county's events, through Kafka."""

import asyncio
import contextlib
import signal
from collections import Counter
from typing import Annotated

import typer

from services.cli.wording import counted
from services.runtime.clock import choose_clock
from services.runtime.logging import configure_logging
from services.runtime.rulebook_files import open_rulebook
from services.runtime.settings import Settings, read_settings
from services.sandbox.addresses import settings_of_sandbox
from services.sandbox.county import CountyMessage
from services.sandbox.simulate import Asked
from services.sandbox.simulate import simulate as publish_county

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command()
def simulate(
    rate: Annotated[float, typer.Option(min=0.001, max=100_000, help="Events a second.")] = 1.0,
    events: Annotated[int | None, typer.Option(min=1, help="Stop after so many.")] = None,
    seed: Annotated[int, typer.Option(help="Which county; the same seed, the same people.")] = 1,
) -> None:
    """Publish events of a synthetic county and its registers. Nobody in it is real."""
    settings = settings_of_sandbox(read_settings(), needs="FIELDFARE_KAFKA__BOOTSTRAP_SERVERS")
    asyncio.run(_run(settings, Asked(rate, events, seed)))


async def _run(settings: Settings, asked: Asked) -> None:
    clock = choose_clock(settings.clock.file)
    configure_logging(settings.logging, clock=clock, service="simulate")
    published = Counter[str]()

    def count(message: CountyMessage) -> None:
        published[message.family] += 1

    rulebook = open_rulebook(settings.rulebook.path)
    publishing = asyncio.ensure_future(
        publish_county(settings, clock, rulebook=rulebook, asked=asked, told=count)
    )
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, publishing.cancel)
    with contextlib.suppress(asyncio.CancelledError):  # told to stop
        await publishing
    families = ", ".join(f"{number} {family}" for family, number in published.most_common())
    typer.echo(f"{counted(published.total(), 'event')} published: {families or 'none'}")
