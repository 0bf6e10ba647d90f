import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.sandbox.up_children import Children

pytestmark = pytest.mark.integration


@pytest.fixture
def children(tmp_path: Path) -> Iterator[Children]:
    lock = os.open(tmp_path / "lock", os.O_RDWR | os.O_CREAT)
    helped = Children({"helper": ("schemas", "--help")}, logs=tmp_path, lock_fd=lock)
    yield helped
    helped.stop()
    os.close(lock)


def wait_until_it_ends(children: Children) -> None:
    deadline = time.monotonic() + 60
    while children.running:
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_a_process_that_ends_is_started_again_later_and_later(children: Children) -> None:
    assert list(children.look_after(0.0)) == []
    wait_until_it_ends(children)

    [first] = children.look_after(10.0)
    assert list(children.look_after(10.9)) == []
    assert not children.running
    assert list(children.look_after(11.0)) == []
    assert children.running
    wait_until_it_ends(children)
    [second] = children.look_after(20.0)

    assert "helper has ended; starting it again in 1 s" in first
    assert "helper has ended; starting it again in 2 s" in second


def test_a_process_that_ran_for_long_is_started_again_soon(children: Children) -> None:
    list(children.look_after(0.0))
    wait_until_it_ends(children)
    list(children.look_after(1.0))
    list(children.look_after(2.0))
    wait_until_it_ends(children)

    [line] = children.look_after(100.0)

    assert "again in 1 s" in line


def test_stopping_stops_what_runs(children: Children) -> None:
    list(children.look_after(0.0))

    children.stop()

    assert children.running == ()
