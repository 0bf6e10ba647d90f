"""`fieldfare rules`: for rule owners. What needs a database is in modules of its own."""

from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup
from typer.main import get_group

from routing_rules.cases import run_cases
from routing_rules.document import RuleDocument
from routing_rules.findings import findings_of
from routing_rules.rulebook import load_rulebook
from routing_rules.source_text import RulebookInvalid
from services.cli.bank_holidays import bank_holidays_yaml
from services.cli.case_report import report_lines
from services.cli.diff import diff
from services.cli.exit_codes import ExitCode
from services.cli.explain import explain
from services.cli.proof_text import finding_lines
from services.cli.prove import OnOption, day_of, prove
from services.cli.replay import replay
from services.cli.rulebook_argument import RulebookArgument, files_asked, open_asked
from services.cli.wording import counted

_OF_THE_LEDGER = {
    **dict.fromkeys(("propose", "sign", "countersign", "reject"), "rules_signing"),
    "roll-back": "rules_roll_back",
    **dict.fromkeys(("live", "versions", "export"), "rules_versions"),
}
"""Commands that need a database, and the modules whose `app` has them: imported when asked for."""


class CommandsOfRules(TyperGroup):
    """Commands of this module, and those of the ledger."""

    def list_commands(self, ctx: Any) -> list[str]:
        """All of them: what needs nothing first."""
        return [*super().list_commands(ctx), *_OF_THE_LEDGER]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of that name."""
        if cmd_name not in _OF_THE_LEDGER:
            return super().get_command(ctx, cmd_name)
        module = import_module(f"services.cli.{_OF_THE_LEDGER[cmd_name]}")
        return get_group(module.app).get_command(ctx, cmd_name)


app = typer.Typer(
    cls=CommandsOfRules, no_args_is_help=True, add_completion=False, rich_markup_mode=None
)
app.command()(explain)
app.command()(prove)
app.command()(diff)
app.command()(replay)


@app.callback()
def rules() -> None:
    """Check, test, prove and explain rules; replay the past; sign rules, and say what is live."""


@app.command()
def check(rulebook: RulebookArgument = None, on: OnOption = None) -> None:
    """Load a rulebook and list everything that is wrong with it. Exit code 1 if anything is."""
    folder, files = files_asked(rulebook)
    try:
        loaded = load_rulebook(files)
    except RulebookInvalid as invalid:
        for problem in invalid.problems:
            typer.echo(str(problem))
        typer.echo(f"{folder}: {counted(len(invalid.problems), 'problem')}; it does not load")
        raise typer.Exit(ExitCode.NO) from None
    for warning in loaded.warnings:
        typer.echo(f"{warning} (a warning: it loads)")
    typer.echo(f"{loaded.name}: no problems; {_extent(loaded.document)}")
    typer.echo(f"content sha256:{loaded.content_hash}")
    for line in finding_lines(findings_of(loaded, day_of(on))):
        typer.echo(line)


@app.command("test")
def run_tests(
    rulebook: RulebookArgument = None,
    fail_under: Annotated[
        float,
        typer.Option(min=0, max=100, metavar="PERCENT", help="Least share that cases must show."),
    ] = 0,
) -> None:
    """Run the cases beside a rulebook. Exit code 1 if one goes wrong, or too little is shown."""
    loaded = open_asked(rulebook)
    report = run_cases(loaded, loaded.files)
    for line in report_lines(report):
        typer.echo(line)
    shown = 100 * report.coverage.share
    if shown < fail_under:
        typer.echo(f"the cases show {shown:.1f} % of the rules, which is under {fail_under:g} %")
    if not report.passed or shown < fail_under:
        raise typer.Exit(ExitCode.NO)


@app.command("bank-holidays")
def bank_holidays(
    first: Annotated[int, typer.Option("--from", help="First year.")],
    last: Annotated[int, typer.Option("--until", help="Last year.")],
    to: Annotated[Path | None, typer.Option(help="File to write; else it is printed.")] = None,
) -> None:
    """Write a rulebook's file of England's bank holidays."""
    if last < first:
        raise typer.BadParameter("--until must not be before --from")
    text = bank_holidays_yaml(first, last)
    if to is None:
        typer.echo(text, nl=False)
    else:
        to.write_text(text, "utf-8")
        typer.echo(f"{to} written")


def _extent(document: RuleDocument) -> str:
    withheld = counted(len(document.withholds), "withhold block")
    return f"{counted(len(document.rules), 'rule')}, {withheld}"
