"""Named, described queries, kept in `queries/*.sql`: no statement is written in Python.

A query begins with `-- name: wake_relays`, then `-- description: ...` of one or more lines, then
the statement up to the next name.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_FOLDER = Path(__file__).parent / "queries"
_QUERY = re.compile(r"^-- name: (\w+)\n-- description: ((?:.+\n)(?:-- .+\n)*)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Query:
    """One statement, and what it answers or changes."""

    sql: str
    description: str


def read_queries(text: str) -> dict[str, Query]:
    """Every query of one file by its name. Raises `ValueError` if a name stands there twice."""
    _, *parts = _QUERY.split(text)
    found: dict[str, Query] = {}
    for name, description, sql in zip(parts[::3], parts[1::3], parts[2::3], strict=True):
        if name in found:
            raise ValueError(f"query {name} stands there twice")
        found[name] = Query(sql.strip(), " ".join(description.replace("\n-- ", " ").split()))
    return found


def queries_in(folder: Path) -> Mapping[str, str]:
    """The statements of all `.sql` files of a folder, by name."""
    text = "\n".join(path.read_text("utf-8") for path in sorted(folder.glob("*.sql")))
    return {name: query.sql for name, query in read_queries(text).items()}


SQL: Mapping[str, str] = queries_in(_FOLDER)
"""The ledger's own statements."""
