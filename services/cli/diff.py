"""`fieldfare rules diff`: who would newly be told, and who no longer, over every possible event."""

import json
from pathlib import Path
from typing import Annotated

import typer

from routing_rules.boxes import BudgetSpent
from routing_rules.decision import Json
from routing_rules.rulebook_diff import Change, diff_rulebooks
from services.cli.exit_codes import ExitCode
from services.cli.proof_files import write_examples
from services.cli.prove import DayUnusable, OnOption, day_of
from services.cli.rulebook_revision import open_rulebook_at
from services.cli.wording import counted
from services.runtime.errors import PermanentError

_INDENT = " " * 5
_WHICH = (
    "A folder, the name of a rulebook that ships, `live`, `sha256:...` for what the ledger "
    "keeps, or REVISION:PATH in git."
)


class TooDifferent(PermanentError):
    """The comparison takes more steps than are allowed."""


def diff(
    old: Annotated[str, typer.Argument(metavar="OLD", help=_WHICH)],
    new: Annotated[str, typer.Argument(metavar="NEW", help=_WHICH)],
    on: OnOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
    examples: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Write each change's example there.")
    ] = None,
) -> None:
    """Say what a change of a rulebook would do. Exit code 0 if nothing, 1 if anything."""
    before, after, day = open_rulebook_at(old), open_rulebook_at(new), day_of(on)
    try:
        changes = diff_rulebooks(before, after, day)
    except LookupError as error:  # a day before a directory begins
        raise DayUnusable(f"nothing can be compared on {day}: {error}") from error
    except BudgetSpent as error:
        raise TooDifferent("it takes more steps than are allowed: change less at once") from error
    if examples is not None:
        made = {_name(n): each.example for n, each in enumerate(changes, 1) if each.example}
        write_examples(examples, made)
    if as_json:
        told: list[Json] = [_as_json(each) for each in changes]
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        for number, change in enumerate(changes, start=1):
            typer.echo(_in_words(change, number))
        same = "they mean the same" if not changes else counted(len(changes), "change")
        typer.echo(f"{before.label}\n{after.label}\nOn {day}: {same}")
    if changes:
        raise typer.Exit(ExitCode.NO)


def _name(number: int) -> str:
    return f"change-{number}.json"


def _in_words(change: Change, number: int) -> str:
    lines = [f"{change.kind}  {change.what}" + (f" ({change.event})" if change.event else "")]
    if change.event:
        lines.append(f"{_INDENT}when: {'; '.join(change.region) or 'always'}")
        lines.append(f"{_INDENT}by: {change.by}")
    if change.example is not None:
        doubt = "" if change.shown else "; in doubt: the example was decided alike"
        lines.append(f"{_INDENT}Example: {_name(number)}{doubt}")
    elif change.event:
        lines.append(f"{_INDENT}No example could be made")
    return "\n".join(lines)


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
