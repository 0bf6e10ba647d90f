"""`fieldfare rules explain`: what one event leads to, and why; without Kafka and a database."""

import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from routing_rules.decision import Json
from routing_rules.explain import Casebook
from routing_rules.explain import explain as explain_event
from schemas.events import Event, Refused
from schemas.reading import read_event
from services.cli.exit_codes import ExitCode
from services.cli.explanation import Explanation
from services.cli.explanation_text import explanation_text
from services.cli.rulebook_argument import RulebookOption, open_asked
from services.runtime.errors import PermanentError

_STANDARD_INPUT = "-"


class InputUnusable(PermanentError):
    """What the command was given to read cannot be used; the message is one line."""


def explain(
    event: Annotated[str, typer.Argument(metavar="EVENT.json", help="A CloudEvent; - is stdin.")],
    known: Annotated[
        Path | None,
        typer.Option(metavar="EARLIER.jsonl", help="Earlier events, one a line, as they arrived."),
    ] = None,
    at: Annotated[
        str | None, typer.Option(metavar="TIME", help="When it is routed; else when published.")
    ] = None,
    rulebook: RulebookOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the contract's JSON.")] = False,
) -> None:
    """Say who is told of an event and by when, who is not, and what every rule said."""
    casebook = Casebook(open_asked(rulebook))
    asked = _read(_bytes_of(event))
    if isinstance(asked, Refused):
        _refuse(asked, as_json=as_json)
    routed_at = asked.time if at is None else _moment(at)
    try:
        for number, earlier in _known_events(known):
            if (earlier.source, earlier.id) in casebook.seen:
                raise InputUnusable(f"{known}:{number}: this event stands there twice")
            casebook.receive(earlier, earlier.time)
        if (asked.source, asked.id) in casebook.seen:
            raise InputUnusable(f"{event}: this event is also among the earlier ones")
        explained = explain_event(asked, casebook, routed_at)
    except LookupError as error:  # a day before the directory begins
        raise InputUnusable(f"nothing can be routed at that time: {error}") from error
    _print(asked, explained, as_json=as_json)


def _print(event: Event, explained: dict[str, Json], *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(explained, ensure_ascii=False, indent=2))
    else:
        typer.echo(explanation_text(event, Explanation.model_validate(explained)))


def _refuse(refused: Refused, *, as_json: bool) -> NoReturn:
    if as_json:
        answer = {"accepted": False, "field": refused.field, "reason": refused.reason}
        typer.echo(json.dumps(answer, ensure_ascii=False))
    else:
        typer.echo(f"fieldfare: refused: {refused.field}: {refused.reason}", err=True)
    raise typer.Exit(ExitCode.REFUSED)


def _known_events(path: Path | None) -> Iterator[tuple[int, Event]]:
    """The earlier events with the numbers of their lines; blank lines are skipped."""
    if path is None:
        return
    for number, line in enumerate(_bytes_of(str(path)).splitlines(), start=1):
        if line.strip():
            known = _read(line)
            if isinstance(known, Refused):
                raise InputUnusable(f"{path}:{number}: refused: {known.field}: {known.reason}")
            yield number, known


def _read(body: bytes) -> Event | Refused:
    """Reads a message as if it had come on the topic that its own source and type name."""
    try:
        root = json.loads(body)
    except ValueError:  # not JSON, not UTF-8: reading it says so in the contract's words
        root = None
    source, kind = ("", "")
    if isinstance(root, dict):
        source, kind = str(root.get("source", "")), str(root.get("type", ""))
    family = kind.split(".")[1] if kind.count(".") > 1 else ""
    return read_event(body, (), publisher=source.rsplit(":", 1)[-1], family=family)


def _bytes_of(path: str) -> bytes:
    if path == _STANDARD_INPUT:
        return sys.stdin.buffer.read()
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise InputUnusable(f"{path} cannot be read: {error.strerror}") from error


def _moment(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise InputUnusable(f"--at: {text!r} is not a time in ISO 8601") from error
    if at.tzinfo is None:
        raise InputUnusable("--at: a time needs its zone: 2026-03-06T22:40:00+00:00")
    return at.astimezone(UTC)
