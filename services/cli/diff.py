"""`fieldfare rules diff`: who would newly be told, and who no longer, over every possible event."""

import json
from pathlib import Path
from typing import Annotated

import typer

from routing_rules.decision import Json
from routing_rules.going_back import changes_between, promises_then
from routing_rules.rulebook_diff import Change
from services.cli.change_text import example_name, in_words
from services.cli.exit_codes import ExitCode
from services.cli.going_back_text import promise_lines, undecided_line
from services.cli.proof_files import write_examples
from services.cli.prove import DayUnusable, OnOption, day_of
from services.cli.rulebook_revision import open_rulebook_at
from services.cli.wording import counted
from services.runtime.errors import PermanentError

STEPS = 10_000_000
"""Unless another number is given: about ten seconds for one kind of event."""
_WHICH = (
    "A folder, the name of a rulebook that ships, `live`, `sha256:...` for what the ledger "
    "keeps, or REVISION:PATH in git."
)


class TooDifferent(PermanentError):
    """The comparison takes more steps than are allowed."""


def diff(  # noqa: PLR0913, PLR0917 - each is an option of the command line
    old: Annotated[str, typer.Argument(metavar="OLD", help=_WHICH)],
    new: Annotated[str, typer.Argument(metavar="NEW", help=_WHICH)],
    on: OnOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
    examples: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Write each change's example there.")
    ] = None,
    promises: Annotated[
        bool, typer.Option("--promises", help="Say too which promises of OLD would not be kept.")
    ] = False,
    steps: Annotated[
        int, typer.Option(min=1, help="How many looks at a box each kind of event may take.")
    ] = STEPS,
) -> None:
    """Say what a change of a rulebook would do. Exit code 0 if nothing, 1 if anything."""
    if as_json and promises:
        raise typer.BadParameter("--promises is for people: leave out --json")
    before, after, day = open_rulebook_at(old), open_rulebook_at(new), day_of(on)
    try:
        changes, undecided = changes_between(before, after, day, steps=steps)
        kept = promises_then(before, after, day) if promises else None
    except LookupError as error:  # a day before a directory begins
        raise DayUnusable(f"nothing can be compared on {day}: {error}") from error
    if as_json and undecided:
        raise TooDifferent("it takes more steps than are allowed: change less at once")
    if examples is not None:
        made = {example_name(n): each.example for n, each in enumerate(changes, 1) if each.example}
        write_examples(examples, made)
    if as_json:
        told: list[Json] = [_as_json(each) for each in changes]
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        for number, change in enumerate(changes, start=1):
            typer.echo(in_words(change, number))
        for line in () if kept is None else promise_lines(kept):
            typer.echo(line)
        same = (
            "they mean the same" if not (changes or undecided) else counted(len(changes), "change")
        )
        typer.echo(f"{before.label}\n{after.label}\nOn {day}: {same}")
        if undecided:
            typer.echo(undecided_line(undecided))
    if changes or undecided or (kept is not None and kept.broken):
        raise typer.Exit(ExitCode.NO)


def _as_json(change: Change) -> Json:
    return {
        "kind": change.kind.value,
        "what": change.what,
        "event": change.event,
        "region": list(change.region),
        "by": change.by,
        "example": None if change.example is None else change.example.event,
        "known": [] if change.example is None else list(change.example.known),
        "shown": change.shown,
    }
