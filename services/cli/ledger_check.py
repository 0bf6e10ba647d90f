"""`fieldfare ledger check`: whether the ledger adds up."""

from dataclasses import asdict

import typer
from rich.console import Group
from rich.text import Text

from services.cli.exit_codes import ExitCode
from services.cli.ledger_asking import AsJson, ask_ledger, print_json, print_shown
from services.cli.wording import plain
from services.ledger.conservation import Balance, check_conservation
from services.runtime.clock import Clock
from services.runtime.postgres import Pool


def check(as_json: AsJson = False) -> None:
    """Whether the ledger adds up: nothing is lost, stuck or without an owner. 1 if it does not."""

    async def ask(pool: Pool, clock: Clock) -> tuple[Balance, ...]:
        return await check_conservation(pool, at=clock.now())

    balances = ask_ledger(ask)
    if as_json:
        print_json([asdict(each) | {"is_whole": each.is_whole} for each in balances])
    else:
        print_shown(Group(*(line for each in balances for line in _lines(each))))
    if not all(each.is_whole for each in balances):
        raise typer.Exit(ExitCode.NO)


def _lines(balance: Balance) -> list[Text]:
    """The equation with its numbers, and what breaks it."""
    parts = " + ".join(f"{number:,} {plain(name)}" for name, number in balance.parts.items())
    holds, sign = ("ok    ", "=") if balance.is_whole else ("BROKEN", "≠")
    lines = [Text(f"{holds} {balance.name}: {balance.total:,} {sign} {parts}  ({balance.says})")]
    if balance.is_whole:
        return lines
    if balance.broken == 0:
        return [*lines, Text("         the two sides differ")]
    more = balance.broken - len(balance.ids)
    lines += [Text(f"         {each}") for each in balance.ids]
    return [*lines, *([Text(f"         and {more:,} more")] if more > 0 else [])]
