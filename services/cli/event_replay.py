"""`fieldfare ledger event ID --replay`: is what was decided then decided so once more?"""

import typer

from services.cli.exit_codes import ExitCode
from services.cli.ledger_asking import ask_ledger, print_json
from services.cli.wording import london_time, plain
from services.ledger.reading import find_events
from services.replay.event_replay import ReplayedOccurrence, replay_occurrence
from services.runtime.clock import Clock
from services.runtime.postgres import Pool, snapshot

_INDENT = " " * 5


def replay_event(event_id: str, source: str | None, *, as_json: bool) -> None:
    """Prints what came of deciding an event's occurrence again. 1 if it is not as it was."""

    async def ask(pool: Pool, _clock: Clock) -> list[ReplayedOccurrence]:
        found = await find_events(pool, event_id, source=source)
        async with snapshot(pool) as connection:
            occurrences = dict.fromkeys(each.occurrence_id for each in found)
            return [await replay_occurrence(connection, each) for each in occurrences]

    replayed = ask_ledger(ask)
    if not replayed:
        typer.echo(f"no event {event_id} is in the ledger", err=True)
        raise typer.Exit(ExitCode.NO)
    if as_json:
        print_json([{**_as_json(each), "is_the_same": each.is_the_same} for each in replayed])
    for each in replayed if not as_json else ():
        typer.echo("\n".join(_lines(each)))
    if not all(each.is_the_same for each in replayed):
        raise typer.Exit(ExitCode.NO)


def _as_json(replayed: ReplayedOccurrence) -> dict[str, object]:
    return {
        "occurrence_id": replayed.occurrence_id,
        "decisions": replayed.decisions,
        "not_told_again": replayed.not_told_again,
    }


def _lines(replayed: ReplayedOccurrence) -> list[str]:
    lines = [f"occurrence {replayed.occurrence_id}"]
    if not replayed.decisions:
        lines.append("it told the register something; there was nothing to decide")
    for decision in replayed.decisions:
        because = "" if decision.because is None else f" ({plain(decision.because)})"
        answer = "the same answer" if not decision.differs else "it differs"
        lines.append(f"decided {london_time(decision.at)}{because}: {answer}")
        lines.append(f"{_INDENT}rulebook sha256:{decision.rulebook_hash}")
        lines += [f"{_INDENT}{place}" for place in decision.differs]
    lines += [
        f"notice {each}: it was sent, and nothing tells it" for each in replayed.not_told_again
    ]
    return lines
