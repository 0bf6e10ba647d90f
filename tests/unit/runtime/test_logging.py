import json
import logging
import re
import sys
import warnings
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from io import StringIO

import pytest
import structlog

from services.runtime.clock import FixedClock
from services.runtime.logging import configure_logging, get_logger
from services.runtime.settings import LoggingSettings

Lines = Callable[[], list[dict[str, object]]]

_FRIDAY = datetime(2026, 3, 6, 22, 40, tzinfo=UTC)


class _RowRefusedError(Exception):
    """As asyncpg's: the message holds a row's values."""

    sqlstate = "23505"


@pytest.fixture
def restored() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level, hook = list(root.handlers), root.level, sys.excepthook
    yield
    structlog.reset_defaults()
    logging.captureWarnings(capture=False)
    root.handlers[:], sys.excepthook = handlers, hook
    root.setLevel(level)


@pytest.fixture
def lines(restored: None) -> Lines:
    del restored
    written = StringIO()
    clock = FixedClock(_FRIDAY)
    configure_logging(LoggingSettings(), clock=clock, service="router", stream=written)
    return lambda: [json.loads(line) for line in written.getvalue().splitlines()]


def _refuse_a_row() -> None:
    refused = _RowRefusedError("DETAIL: Key (name)=(Asha Example) already exists")
    raise refused from KeyError("Asha Example")


def test_a_line_says_what_when_and_who(lines: Lines) -> None:
    get_logger("services.router.app").info("batch_routed", events=3)

    assert lines() == [
        {
            "event": "batch_routed",
            "events": 3,
            "level": "info",
            "at": "2026-03-06T22:40:00+00:00",
            "service": "router",
            "module": "services.router.app",
        }
    ]


def test_a_level_below_the_set_one_is_not_written(lines: Lines) -> None:
    get_logger(__name__).debug("looked")
    logging.getLogger("aiokafka").info("joined")

    assert lines() == []


def test_an_error_is_its_type_place_causes_and_sqlstate_and_not_its_message(lines: Lines) -> None:
    try:
        _refuse_a_row()
    except _RowRefusedError:
        get_logger(__name__).exception("refused")

    (line,) = lines()
    assert line["error"] == "_RowRefusedError"
    assert line["caused"] == ["KeyError"]
    assert line["sqlstate"] == "23505"
    assert re.fullmatch(r".*test_logging:\d+", str(line["raised_at"]))
    assert "Asha" not in json.dumps(line)


def test_an_error_in_a_library_is_placed_at_our_line(lines: Lines) -> None:
    try:
        FixedClock(_FRIDAY.replace(tzinfo=None))
    except ValueError as error:
        get_logger(__name__).error("failed", exc_info=error)

    assert str(lines()[0]["raised_at"]).startswith("services.runtime.clock:")


def test_a_library_keeps_its_template_and_its_safe_arguments(lines: Lines) -> None:
    library = logging.getLogger("aiokafka.consumer")

    library.warning("Topic %s of %d: %r", "fieldfare.queue.a", 5, ValueError("Asha"))
    library.error("Bad row %d", 9990000018, exc_info=ValueError("Asha"))
    library.error("never retrieved\nfuture: <Task exception=ValueError('Asha')>")

    seen = lines()
    assert [line["event"] for line in seen] == [
        "Topic fieldfare.queue.a of 5: 'ValueError'",
        "Bad row %d",
        "never retrieved",
    ]
    assert seen[0]["module"] == "aiokafka.consumer"
    assert "Asha" not in json.dumps(seen)


def test_a_warning_keeps_its_place_and_kind_and_not_its_text(lines: Lines) -> None:
    warnings.showwarning("Asha: x", UserWarning, "module.py", 7)

    assert lines()[0]["event"] == "module.py:7: UserWarning"


def test_an_error_that_nobody_caught_is_not_printed_with_its_message(lines: Lines) -> None:
    error = ValueError("Asha Example")

    sys.excepthook(type(error), error, None)

    (line,) = lines()
    assert (line["event"], line["error"]) == ("crashed", "ValueError")
    assert "Asha" not in json.dumps(line)


def test_ctrl_c_is_not_a_crash(lines: Lines) -> None:
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)

    assert lines() == []


def test_a_console_gets_lines_for_people(restored: None) -> None:
    del restored
    settings = LoggingSettings(as_json=False)
    written = StringIO()
    configure_logging(settings, clock=FixedClock(_FRIDAY), service="router", stream=written)

    get_logger(__name__).info("batch_routed", events=3, who="Asha Example")

    printed = written.getvalue()
    assert "batch_routed" in printed
    assert "events=3" in printed
    assert "Asha" not in printed
