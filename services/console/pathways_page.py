"""Pathways: source by service by home district, and where what is promised does not flow."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from itertools import groupby
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import Response

from routing_rules.rulebook import Rulebook
from routing_rules.told_where import ELSEWHERE, UNKNOWN, told_where
from schemas.values import EventType, Service
from services.console import wording
from services.console.asking import Form, asked_of
from services.console.parts import console_of
from services.console.pathways import Cell, Strand, Verdict, cells_of
from services.console.rendering import Mistake, show
from services.ledger.pathways import pathways_since

pages = APIRouter()
PERIODS = {"7": "7 days", "28": "28 days", "91": "91 days"}
USUAL = "28"
FIELDS = ("days", "source", "service", "district")
_WORDS = {
    Verdict.NO_RULE: "Promised or told in other districts, and no rule says it here",
    Verdict.ONLY_MASH: "No team was told: each time MASH got an exception instead",
    Verdict.SILENT: "A rule says it, and too many events led to nothing for that to be chance",
    Verdict.NEVER: "A rule says it, and nothing was sent in any district",
    Verdict.TOO_FEW: "Nothing was sent, and the events are so few that it may be chance",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """Which pathways somebody wants to see: as it was typed, read, and what is wrong with it."""

    typed: Mapping[str, str]
    mistakes: tuple[Mistake, ...]

    @property
    def length(self) -> timedelta:
        """How far back."""
        return timedelta(days=int(self.typed["days"]))

    def shows(self, cell: Cell) -> bool:
        """Whether a pathway is wanted."""
        wanted = self.typed
        return (
            wanted["source"] in {"", cell.source}
            and wanted["service"] in {"", cell.service.value}
            and wanted["district"] in {"", cell.home}
        )

    def behind(self, **which: str) -> str:
        """The address of the duties behind some pathways of this period."""
        asked = {"days": self.typed["days"], **{k: v for k, v in which.items() if v}}
        return f"/duties?{urlencode(asked)}"


@dataclass(frozen=True, slots=True)
class Silence:
    """One source, kind of event and service, with the homes where nothing flows."""

    source: str
    kind: EventType
    service: Service
    strands: tuple[Strand, ...]

    @property
    def because(self) -> Sequence[str]:
        """By which promises and rules it is told, each once."""
        return list(dict.fromkeys(name for each in self.strands for name in each.because))


@pages.get("/pathways")
async def pathways(request: Request) -> Response:
    """What stands out in words, and a table of numbers for each source."""
    console = console_of(request)
    rulebook = await console.rulebook()
    names = names_of_homes(rulebook)
    sources = [source.publisher for source in rulebook.settings.sources]
    asked = asked_for(asked_of(request), names)
    at, since = console.now(), console.now() - asked.length
    found = await console.pathways.get(
        asked.length, partial(pathways_since, console.pool, since), at=at
    )
    settings = rulebook.settings
    cells = cells_of(
        found.answer, told_where(rulebook), county=settings.county, neighbours=settings.neighbours
    )
    shown = [cell for cell in cells if asked.shows(cell)]
    seen = sorted({cell.source for cell in cells})
    values = {
        "counted_at": found.at,
        "typed": asked.typed,
        "asked": asked,
        "homes": [h for h in names if asked.typed["district"] in {"", h}],
        "names": names,
        "tables": tables_of(shown),
        "alarms": [
            (_WORDS[v], silences_of(shown, v))
            for v in _WORDS
            if v not in {Verdict.NEVER, Verdict.TOO_FEW}
        ],
        "perhaps": [(_WORDS[v], silences_of(shown, v)) for v in (Verdict.NEVER, Verdict.TOO_FEW)],
        "standing_out": sum(1 for cell in shown if cell.stands_out),
        "periods": PERIODS,
        "sources": [(each, wording.publisher(each)) for each in seen],
        "services": [each for each in wording.service_choices() if each[0] != Service.MASH],
        "quiet_sources": len(set(sources) - {each.rpartition(":")[2] for each in seen}),
    }
    status = 400 if asked.mistakes else 200
    return show(request, "pathways.html", values, mistakes=asked.mistakes, status=status)


def asked_for(form: Form, homes: Iterable[str]) -> Asked:
    """What an address asks for; what cannot be understood is left out, and said."""
    typed = {name: (form.text(name) or "") for name in FIELDS}
    allowed = {
        "days": set(PERIODS),
        "service": {each.value for each in Service},
        "district": set(homes),
    }
    for name, values in allowed.items():
        if typed[name] and typed[name] not in values:
            form.mistakes.append(Mistake(name, f"Choose the {_FIELD[name]} from the list"))
            typed[name] = ""
    typed["days"] = typed["days"] or USUAL
    return Asked(typed, tuple(form.mistakes))


_FIELD = {"days": "period", "service": "service", "district": "home district"}


def names_of_homes(rulebook: Rulebook) -> Mapping[str, str]:
    """Every home that a pathway can lead to, by name: the county's first, in order."""
    settings = rulebook.settings
    outside = {ELSEWHERE: "Out of the county", UNKNOWN: "Not known"}
    return {**settings.county, **settings.neighbours, **outside}


def tables_of(cells: Sequence[Cell]) -> list[tuple[str, list[tuple[Service, dict[str, Cell]]]]]:
    """A table for each source: its services, and their pathways by home."""
    tables = []
    for source, of_source in groupby(cells, key=lambda cell: cell.source):
        rows = [
            (service, {cell.home: cell for cell in of_service})
            for service, of_service in groupby(of_source, key=lambda cell: cell.service)
        ]
        tables.append((source, rows))
    return tables


def silences_of(cells: Iterable[Cell], verdict: Verdict) -> list[Silence]:
    """Where nothing flows for one reason: by source, kind and service, the most events first."""
    found = [s for cell in cells for s in cell.strands if s.verdict is verdict]
    found.sort(key=lambda each: (each.source, each.kind, each.service))
    silences = [
        Silence(source, kind, service, tuple(each))
        for (source, kind, service), each in groupby(
            found, key=lambda each: (each.source, each.kind, each.service)
        )
    ]
    return sorted(silences, key=lambda each: -sum(strand.events for strand in each.strands))
