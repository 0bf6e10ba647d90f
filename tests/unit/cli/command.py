"""Runs `fieldfare` inside the test's own process."""

import io
import json
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from services.cli.main import main


@dataclass(frozen=True, slots=True)
class Answer:
    code: int
    out: str
    err: str


def fieldfare(*arguments: str) -> Answer:
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        try:
            main(arguments)
        except SystemExit as end:
            code = end.code
    assert isinstance(code, int)
    return Answer(code, out.getvalue(), err.getvalue())


def police_event(**data: Any) -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "id": "e1",
        "source": "urn:fieldfare:source:staffordshire-police",
        "type": "fieldfare.police.domestic-abuse.v1",
        "time": "2026-03-06T22:10:00+00:00",
        "data": {"police_reference": "STF/2026/1", "risk": "high", "people": [victim()]} | data,
    }


def victim(**known: Any) -> dict[str, Any]:
    return {
        "ref": "p1",
        "role": "victim",
        "nhs_number": "9990000018",
        "nhs_number_status": "verified",
        "date_of_birth": "1996-04-11",
        "sex": "female",
        "pregnant": "yes",
        "maternity_provider": "RJF",
        "address": {"postcode": "ZZ99 3CZ", "district": "E07000193"},
        "gp_practice": "Y90004",
    } | known


def write_event(path: Path, event: dict[str, Any]) -> str:
    path.write_text(json.dumps(event), "utf-8")
    return str(path)


def write_events(path: Path, *events: dict[str, Any]) -> str:
    path.write_text("".join(f"{json.dumps(event)}\n" for event in events), "utf-8")
    return str(path)
