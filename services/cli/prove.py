"""`fieldfare rules prove`: are a rulebook's promises kept in every event that there could be?"""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from routing_rules.findings import findings_of
from routing_rules.proof_report import ProofReport, prove_all
from services.cli.exit_codes import ExitCode
from services.cli.proof_files import examples_of, proof_json, proof_junit, write_examples
from services.cli.proof_text import finding_lines, proof_lines
from services.cli.rulebook_argument import RulebookArgument, open_asked
from services.runtime.clock import SystemClock
from services.runtime.errors import PermanentError

OnOption = Annotated[
    str | None, typer.Option("--on", metavar="DATE", help="The directory's day; else today.")
]


class DayUnusable(PermanentError):
    """What was given as a day is none; the message is one line."""


def prove(
    rulebook: RulebookArgument = None,
    on: OnOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
    junit: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write it as JUnit XML, for CI.")
    ] = None,
    examples: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Write each gap's example there.")
    ] = None,
) -> None:
    """Prove a rulebook's promises. Exit code 0 only if every one is proved."""
    loaded, day = open_asked(rulebook), day_of(on)
    try:
        report = prove_all(loaded, day)
    except LookupError as error:  # a day before the directory begins
        raise DayUnusable(f"nothing can be proved on {day}: {error}") from error
    if examples is not None:
        write_examples(examples, examples_of(report))
    if junit is not None:
        junit.write_text(proof_junit(report), "utf-8")
    if as_json:
        typer.echo(proof_json(report))
    else:
        _print(report, examples)
        for line in finding_lines(findings_of(loaded, day)):
            typer.echo(line)
    if not report.all_proved:
        raise typer.Exit(ExitCode.NO)


def day_of(text: str | None) -> date:
    """A day as it was given; today (in UTC) if none was."""
    if text is None:
        return SystemClock().now().date()
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise DayUnusable(f"--on: {text!r} is not a day; write it as 2026-03-09") from error


def _print(report: ProofReport, examples: Path | None) -> None:
    for line in proof_lines(report, examples):
        typer.echo(line)
