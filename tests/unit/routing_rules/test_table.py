import pytest

from routing_rules.source_text import Position, Problems
from routing_rules.table import Columns, Row, read_table

COLUMNS = Columns(("code", "name"), ("note",))
FILE = "directory/organisations.csv"


def _read(text: str) -> tuple[tuple[Row, ...], list[str]]:
    problems = Problems()
    rows = read_table(FILE, text, COLUMNS, problems)
    return rows, [str(problem).removeprefix(f"{FILE}:") for problem in problems.found]


def test_cells_know_their_line_and_column() -> None:
    rows, problems = _read('\ufeffname,code\r\n\r\n"Moor, ""north""" , RJE\r\n'.replace(" ,", ","))

    assert problems == []
    assert [(rows[0][name].text, rows[0][name].position) for name in ("code", "name")] == [
        ("RJE", Position(FILE, 3, 19)),
        ('Moor, "north"', Position(FILE, 3, 1)),
    ]


def test_a_missing_optional_column_reads_as_empty() -> None:
    rows, _ = _read("code,name\nRJE,Trentvale")

    assert rows[0]["note"].text == ""
    assert rows[0]["note"].position == Position(FILE, 2)


def test_an_empty_last_cell_is_a_cell() -> None:
    rows, problems = _read("code,name,note\nRJE,Trentvale,")

    assert problems == []
    assert rows[0]["note"].text == ""


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("", ["1:1: no table stands here; its columns: code, name, note"]),
        (
            "code,names\n",
            [
                (
                    "1:6: 'names' is not a column of this table; allowed: code, name, note;"
                    " did you mean 'name'?"
                ),
                "1:1: the column 'name' is missing",
            ],
        ),
        ("code,name,code\n", ["1:11: the column 'code' stands here twice"]),
        ("code,name\nRJE\n", ["2:1: 1 cells stand here, under 2 columns"]),
        ('code,name\nRJE,"open\n', ["2:1: a double quote is open, or stands inside a cell"]),
        ('code,name\nRJE,in"side\n', ["2:1: a double quote is open, or stands inside a cell"]),
    ],
)
def test_what_is_no_table_is_said_where_it_stands(text: str, problems: list[str]) -> None:
    assert _read(text) == ((), problems)
