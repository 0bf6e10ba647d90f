from pathlib import Path

import pytest

from services.sandbox.readiness import last_complaint


@pytest.mark.parametrize(
    ("log", "complaint"),
    [
        ("", "it said nothing"),
        ("one\ntwo\n\n", "two"),
        ("LOG: a\nFATAL:  no space\nLOG: shut down\n", "FATAL:  no space"),
        ("java.lang.Exception: a\nCaused by: b\n  at c\n", "Caused by: b"),
    ],
)
def test_the_last_complaint_of_a_log_is_found(tmp_path: Path, log: str, complaint: str) -> None:
    (tmp_path / "log").write_text(log, "utf-8")

    assert last_complaint(tmp_path / "log") == complaint
