"""Rules of the house that no linter knows, each with what it prevents."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("schemas", "routing_rules", "services")
SOURCES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))
LONGEST_FILE, LONGEST_TEST_FILE, LONGEST_FUNCTION = 300, 400, 60
LISTS = {ROOT / "schemas" / "values.py"}
"""Files that only list; there is nothing in them to lose one's way in."""
CLOCK = ROOT / "services" / "runtime" / "clock.py"
ENVIRONMENT = {
    ROOT / "services" / "runtime" / "settings.py",
    *(ROOT / "services" / "sandbox").glob("*.py"),  # starts processes, which need one
}
SERVERS = {ROOT / "services" / "sandbox" / "postgres.py"}
"""Makes the database in which there will be a ledger."""
SQL = re.compile(r"\b(SELECT .+ FROM|INSERT INTO|UPDATE \w+ SET|DELETE FROM)\b", re.DOTALL)


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


@pytest.mark.parametrize("path", sorted({*SOURCES, *TESTS} - LISTS), ids=name_of)
def test_no_file_and_no_function_gets_away(path: Path) -> None:
    """The file that got away is where every admired codebase has its bugs."""
    longest = LONGEST_TEST_FILE if path in TESTS else LONGEST_FILE
    assert len(path.read_text("utf-8").splitlines()) <= longest
    for function in functions(path):
        lines = (function.end_lineno or 0) - function.lineno + 1
        assert lines <= LONGEST_FUNCTION, function.name


@pytest.mark.parametrize("path", [p for p in SOURCES if p != CLOCK], ids=name_of)
def test_only_the_clock_reads_the_time(path: Path) -> None:
    """A time that is taken instead of given cannot be replayed, and a test cannot move it."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Attribute) and node.attr in {"now", "utcnow", "today"}:
            owner = ast.unparse(node.value)
            assert owner not in {"datetime", "date", "datetime.datetime"}, node.lineno


@pytest.mark.parametrize("path", [p for p in SOURCES if p not in ENVIRONMENT], ids=name_of)
def test_only_the_settings_read_the_environment(path: Path) -> None:
    """A variable that is read elsewhere is a setting that nobody documents or checks."""
    text = path.read_text("utf-8")
    assert "os.environ" not in text
    assert "getenv" not in text


@pytest.mark.parametrize("path", sorted({*SOURCES} - SERVERS), ids=name_of)
def test_sql_lives_in_sql_files(path: Path) -> None:
    """SQL in a string is not named, not described and not looked at by anybody who knows SQL."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            assert not SQL.search(node.value), node.lineno


@pytest.mark.parametrize("path", TESTS, ids=name_of)
def test_nothing_is_skipped_or_patched(path: Path) -> None:
    """A skipped test is a promise that nobody keeps; a patch tests the patch."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Attribute):
            assert node.attr not in {"skip", "skipif", "importorskip", "xfail"}, node.lineno
        if isinstance(node, ast.ImportFrom | ast.Import):
            modules = {alias.name for alias in node.names} | {getattr(node, "module", "")}
            assert "unittest.mock" not in modules, node.lineno


def test_every_query_says_what_it_is_for() -> None:
    """A query without a description is read from its callers, of which there may be many."""
    for path in (ROOT / "services" / "ledger" / "queries").glob("*.sql"):
        lines = path.read_text("utf-8").splitlines()
        named = [n for n, line in enumerate(lines) if line.startswith("-- name:")]
        assert named, path.name
        for number in named:
            assert lines[number + 1].startswith("-- "), f"{path.name}:{number + 1}"
