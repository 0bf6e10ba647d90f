"""CSV tables of a rulebook with the place of every cell."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from routing_rules.source_text import Position, Problems, Scalar, did_you_mean

_CELL = re.compile(r'"((?:[^"]|"")*)"(?=,|$)|([^",]*)(?=,|$)')


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns that a table must have, and those that it may have."""

    required: tuple[str, ...]
    optional: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: its cells by column. A missing optional column reads as empty."""

    cells: Mapping[str, Scalar]
    position: Position

    def __getitem__(self, column: str) -> Scalar:
        return self.cells.get(column) or Scalar("", self.position)


def read_table(file: str, text: str, columns: Columns, problems: Problems) -> tuple[Row, ...]:
    """The rows below the header; empty lines are passed over.

    A cell with a comma or a quote stands in double quotes; no cell holds a line break. A missing,
    unknown or repeated column, an open quote and a line of another length are problems.
    """
    lines = _lines(file, text.removeprefix("\ufeff"), problems)
    header = next(lines, None)
    if header is None:
        problems.add(Position(file), f"no table stands here; its columns: {_list(columns)}")
        return ()
    if not _is_header(header, columns, problems):
        return ()
    names = [cell.text for cell in header]
    rows: list[Row] = []
    for cells in lines:
        if len(cells) == len(names):
            rows.append(Row(dict(zip(names, cells, strict=True)), cells[0].position))
        else:
            message = f"{len(cells)} cells stand here, under {len(names)} columns"
            problems.add(cells[0].position, message)
    return tuple(rows)


def _lines(file: str, text: str, problems: Problems) -> Iterator[tuple[Scalar, ...]]:
    for number, line in enumerate(text.split("\n"), start=1):
        content = line.removesuffix("\r")
        if not content.strip():
            continue
        cells = _cells(Position(file, number), content)
        if cells is None:
            problems.add(Position(file, number), "a double quote is open, or stands inside a cell")
        else:
            yield cells


def _cells(start: Position, line: str) -> tuple[Scalar, ...] | None:
    cells: list[Scalar] = []
    at = 0
    while True:
        found = _CELL.match(line, at)
        if found is None:
            return None
        text = found[2] if found[1] is None else found[1].replace('""', '"')
        cells.append(Scalar(text.strip(), Position(start.file, start.line, at + 1)))
        if found.end() == len(line):
            return tuple(cells)
        at = found.end() + 1


def _is_header(header: tuple[Scalar, ...], columns: Columns, problems: Problems) -> bool:
    known = (*columns.required, *columns.optional)
    names = [cell.text for cell in header]
    before = len(problems.found)
    for number, cell in enumerate(header):
        if cell.text not in known:
            message = f"'{cell.text}' is not a column of this table; allowed: {', '.join(known)}"
            problems.add(cell.position, message + did_you_mean(cell.text, known))
        elif cell.text in names[:number]:
            problems.add(cell.position, f"the column '{cell.text}' stands here twice")
    for name in columns.required:
        if name not in names:
            problems.add(header[0].position, f"the column '{name}' is missing")
    return len(problems.found) == before


def _list(columns: Columns) -> str:
    return ", ".join((*columns.required, *columns.optional))
