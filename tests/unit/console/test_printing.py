"""A long document is made beside the loop: other people's pages do not wait for it."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import cast

from services.console.person_print import Printed, print_aside
from services.console.person_wording import ShownLine
from services.ledger.person_story import PersonStory

AT = datetime(2026, 3, 6, 2, tzinfo=UTC)
NOBODY = cast(
    "PersonStory",
    SimpleNamespace(
        occurrences=(),
        duties=(),
        someone=None,
        born=None,
        name=None,
        is_unborn=False,
        is_lost=False,
        without_rule=frozenset(),
    ),
)


@dataclass(slots=True)
class Lines:
    """Lines that remember in which thread they were read."""

    read_in: set[int] = field(default_factory=set)

    def __iter__(self) -> Iterator[ShownLine]:
        self.read_in.add(threading.get_ident())
        yield ShownLine(AT, "Midwifery (RJF:midwifery)", "sent, by relay: it has gone out")


async def test_a_document_is_made_in_another_thread() -> None:
    lines = Lines()
    printed = Printed(
        story=NOBODY,
        lines=cast("tuple[ShownLine, ...]", lines),
        is_cut=False,
        by="Carys Hill",
        at=AT,
        reason="review",
        rulebooks=(),
    )

    document = await print_aside(printed)

    assert document.startswith(b"%PDF-")
    assert lines.read_in
    assert threading.get_ident() not in lines.read_in
