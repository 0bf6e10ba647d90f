import io
from dataclasses import replace
from datetime import UTC, datetime

from inline_snapshot import snapshot
from rich.console import Console

from services.sandbox.up_screen import Picture, Routed, Screen, plain_line, routed_line

AT = datetime(2026, 7, 6, 9, 42, 7, tzinfo=UTC)
ROUTED = Routed(
    at=AT,
    event="police domestic abuse",
    service="midwifery",
    recipient="RJF:midwifery",
    urgency="same_day",
    is_exception=False,
)
PICTURE = Picture(
    events={"police": 2, "emergency": 1},
    duties={("midwifery", "owed"): 1, ("midwifery", "sent"): 2, ("gp", "sent"): 1234},
    waiting=1,
    dead_letters=3,
    latest=(ROUTED,),
)
NOTHING = Picture({}, {}, 0, 0, ())


def console(*, terminal: bool) -> tuple[Console, io.StringIO]:
    file = io.StringIO()
    return Console(file=file, force_terminal=terminal, width=80, color_system=None), file


def test_the_whole_screen() -> None:
    plain, file = console(terminal=False)
    screen = Screen(plain, "staffordshire, Kafka on 127.0.0.1:9092")

    plain.print(screen.drawn(PICTURE, AT))

    assert "\n".join(line.rstrip() for line in file.getvalue().splitlines()) == snapshot("""\
Fieldfare  10:42:07  staffordshire, Kafka on 127.0.0.1:9092

Events in      Not delivered
emergency  1   waiting in the outbox         1
police     2   dead letters (owned by MASH)  3
all        3

Duties     owed   sent    all
gp               1,234  1,234
midwifery     1      2      3
all           1  1,236  1,237

Latest
10:42:07  police domestic abuse → midwifery RJF:midwifery, same day

Ctrl-C stops everything; the data are kept.\
""")


def test_one_plain_line() -> None:
    assert plain_line(PICTURE, AT) == snapshot(
        "10:42:07  events 3 (police 2, emergency 1)  duties 1237 (owed 1, sent 1236)  waiting 1  dead letters 3"  # noqa: E501
    )


def test_one_plain_line_before_anything_happened() -> None:
    assert plain_line(NOTHING, AT) == snapshot(
        "10:42:07  events 0  duties 0  waiting 0  dead letters 0"
    )


def test_a_routed_line_says_who_is_told_and_how_soon() -> None:
    assert routed_line(ROUTED) == snapshot(
        "10:42:07  police domestic abuse → midwifery RJF:midwifery, same day"
    )


def test_a_routed_line_says_that_it_is_an_exception_and_about_how_many() -> None:
    exception = replace(ROUTED, service="mash", recipient="MASH:mash", is_exception=True, people=3)

    assert routed_line(exception) == snapshot(
        "10:42:07  police domestic abuse → mash MASH:mash, same day, since nobody else could be (about 3 people)"  # noqa: E501
    )


def test_without_a_terminal_a_line_comes_every_five_seconds() -> None:
    plain, file = console(terminal=False)
    screen = Screen(plain, "heading")

    with screen.opened():
        for second in range(11):
            screen.show(PICTURE, AT, float(second))

    assert file.getvalue().count("\n") == 3


def test_without_a_terminal_a_note_is_printed_at_once() -> None:
    plain, file = console(terminal=False)

    Screen(plain, "heading").note("router has ended", AT)

    assert file.getvalue() == snapshot("10:42:07  router has ended\n")


def test_on_a_terminal_notes_stand_on_the_screen() -> None:
    terminal, file = console(terminal=True)
    screen = Screen(terminal, "heading")

    with screen.opened():
        screen.note("router has ended", AT)
        screen.show(NOTHING, AT, 0.0)

    assert "nothing yet" in file.getvalue()
    assert "10:42:07  router has ended" in file.getvalue()


def test_the_screen_says_whether_anything_is_missing_of_a_source() -> None:
    plain, file = console(terminal=False)
    sources = {"rjf-queens-ed": "1..40, missing: none", "police": "1..412, missing: 17, 33-35"}

    plain.print(Screen(plain, "x").drawn(replace(PICTURE, sources=sources), AT))

    shown = file.getvalue()
    assert "police         1..412, missing: 17, 33-35" in shown
    assert "rjf-queens-ed  1..40, missing: none" in shown
