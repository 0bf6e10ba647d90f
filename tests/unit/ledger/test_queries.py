import pytest

from services.ledger.queries import SQL, read_queries


def test_a_file_holds_named_and_described_queries() -> None:
    queries = read_queries(
        "-- name: one\n-- description: Answers one,\n-- and no more.\nSELECT 1;\n\n"
        "-- name: two\n-- description: Answers two.\nSELECT 2\nFROM t; -- a remark\n"
    )

    assert {name: query.description for name, query in queries.items()} == {
        "one": "Answers one, and no more.",
        "two": "Answers two.",
    }
    assert queries["one"].sql == "SELECT 1;"
    assert queries["two"].sql == "SELECT 2\nFROM t; -- a remark"


def test_a_name_stands_only_once() -> None:
    text = "-- name: one\n-- description: Answers one.\nSELECT 1;\n"

    with pytest.raises(ValueError, match="one stands there twice"):
        read_queries(text + text)


def test_the_ledgers_queries_are_all_found() -> None:
    assert {"insert_events", "move_offsets", "wake_relays"} <= SQL.keys()
    assert all(sql.rstrip().endswith(";") for sql in SQL.values())
