"""How a pathway is judged: neither crying wolf nor silent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing_rules.told_where import ELSEWHERE, UNKNOWN, Said
from schemas.values import EventType, Service
from services.console.asking import Form
from services.console.duties_page import asked_for as duties_asked
from services.console.letter_page import readable
from services.console.pathways import Cell, Verdict, cells_of
from services.console.pathways_page import asked_for, silences_of, tables_of
from services.ledger.pathways import Came, Flowed, Pathways
from tests.unit.console.fakes import AT

POLICE = EventType.POLICE_DOMESTIC_ABUSE
SOURCE = "urn:fieldfare:source:police"
NORTH, SOUTH, BESIDE = "E1", "E2", "E9"
Homes = dict[str, tuple[str, ...]]
HERE: Homes = {NORTH: ("a rule",), SOUTH: ("a rule",)}
EVERYWHERE: Homes = {**HERE, BESIDE: ("a rule",), ELSEWHERE: ("a rule",), UNKNOWN: ("a rule",)}


def came(home: str | None, events: int, kind: str = POLICE) -> Came:
    return Came(SOURCE, kind, home, events)


def told(home: str | None, told: int, with_mash: int = 0) -> Flowed:
    return Flowed(SOURCE, POLICE, "midwifery", home, told, with_mash)


def judged(said: Said, *rows: Came | Flowed) -> dict[str, Cell]:
    """The pathways to midwives, by home."""
    found = Pathways(
        tuple(each for each in rows if isinstance(each, Flowed)),
        tuple(each for each in rows if isinstance(each, Came)),
    )
    cells = cells_of(
        found, {(POLICE, Service.MIDWIFERY): said}, county=(NORTH, SOUTH), neighbours=(BESIDE,)
    )
    return {cell.home: cell for cell in cells if cell.service is Service.MIDWIFERY}


def test_events_that_led_to_a_notice_flow() -> None:
    cells = judged(Said(HERE), came(NORTH, 41), told(NORTH, 12, 3))

    assert cells[NORTH].verdict is Verdict.FLOWS
    assert (cells[NORTH].told, cells[NORTH].with_mash, cells[NORTH].events) == (12, 3, 41)


def test_a_district_that_no_rule_names_stands_out_after_one_event_if_others_are_told() -> None:
    cells = judged(Said({NORTH: ("a rule",)}), came(NORTH, 9), told(NORTH, 3), came(SOUTH, 1))

    assert cells[SOUTH].verdict is Verdict.NO_RULE
    assert cells[SOUTH].stands_out


def test_what_is_promised_and_in_no_rule_stands_out_wherever_somebody_lives() -> None:
    promised = Said({}, {NORTH: ("a promise",), ELSEWHERE: ("a promise",)})

    cells = judged(promised, came(NORTH, 1), came("E77", 1), came(SOUTH, 1))

    assert cells[NORTH].verdict is Verdict.NO_RULE
    assert cells[ELSEWHERE].verdict is Verdict.NO_RULE
    assert cells[SOUTH].verdict is Verdict.NOT_PROMISED
    assert cells[NORTH].strands[0].because == ("a promise",)


def test_where_no_team_is_ever_found_mash_owns_each_and_that_stands_out() -> None:
    cells = judged(Said(EVERYWHERE), came(NORTH, 2), told(NORTH, 0, 2))

    assert cells[NORTH].verdict is Verdict.ONLY_MASH


def test_that_mash_owns_whoever_lives_elsewhere_or_nobody_knows_where_is_as_it_should_be() -> None:
    rows = (came("E77", 2), told("E77", 0, 2), came(None, 1), told(None, 0, 1))

    cells = judged(Said(EVERYWHERE), *rows)

    assert cells[ELSEWHERE].verdict is cells[UNKNOWN].verdict is Verdict.WITH_MASH
    assert not cells[ELSEWHERE].stands_out


def test_many_events_without_a_notice_stand_out_and_few_do_not() -> None:
    north = (came(NORTH, 60), told(NORTH, 10))  # one in six

    assert judged(Said(HERE), *north, came(SOUTH, 41))[SOUTH].verdict is Verdict.SILENT
    assert judged(Said(HERE), *north, came(SOUTH, 5))[SOUTH].verdict is Verdict.TOO_FEW


def test_one_event_elsewhere_says_too_little_about_one_here() -> None:
    north = (came(NORTH, 1), told(NORTH, 1))
    assert judged(Said(HERE), *north, came(SOUTH, 1))[SOUTH].verdict is Verdict.TOO_FEW

    north = (came(NORTH, 200), told(NORTH, 200))
    assert judged(Said(HERE), *north, came(SOUTH, 1))[SOUTH].verdict is Verdict.SILENT


def test_where_nothing_came_nothing_is_said_against_it() -> None:
    cells = judged(Said(HERE), came(NORTH, 60), told(NORTH, 10))

    assert cells[SOUTH].verdict is Verdict.NOBODY_CAME


def test_what_flows_in_no_district_is_told_apart_from_what_may_be_chance() -> None:
    cells = judged(Said(HERE), came(NORTH, 60), came(SOUTH, 2))

    assert cells[NORTH].verdict is cells[SOUTH].verdict is Verdict.NEVER


def test_a_kind_of_event_that_does_not_flow_is_not_hidden_by_another_that_does() -> None:
    other = EventType.EMERGENCY_ATTENDANCE
    found = Pathways((told(NORTH, 5), told(SOUTH, 5)), (came(NORTH, 9), came(SOUTH, 9, other)))
    said = {(POLICE, Service.MIDWIFERY): Said(HERE), (other, Service.MIDWIFERY): Said({}, HERE)}

    cells = cells_of(found, said, county=(NORTH, SOUTH), neighbours=())
    [south] = [cell for cell in cells if cell.home == SOUTH]

    assert south.told == 5
    assert south.verdict is Verdict.NO_RULE
    [silence] = silences_of(cells, Verdict.NO_RULE)
    assert (silence.kind, silence.because) == (other, ["a rule"])


@given(st.integers(1, 500), st.integers(0, 500), st.integers(0, 500))
def test_of_a_place_that_is_promised_and_had_events_something_is_always_said(
    events: int, north: int, led: int
) -> None:
    rows = (came(SOUTH, events), came(NORTH, max(north, led)), told(NORTH, led))

    verdict = judged(Said(HERE, HERE), *rows)[SOUTH].verdict

    assert verdict in {Verdict.SILENT, Verdict.TOO_FEW, Verdict.NEVER}


@pytest.mark.parametrize(("told_of", "heat"), [(0, 0), (1, 1), (3, 2), (10, 3), (99, 4), (100, 5)])
def test_the_more_flows_the_darker_it_is(told_of: int, heat: int) -> None:
    assert judged(Said(HERE), came(NORTH, 500), told(NORTH, told_of))[NORTH].heat == heat


def test_a_table_has_every_home_in_every_row() -> None:
    cells = list(judged(Said(HERE), came(NORTH, 1)).values())

    [(source, [(service, by_home)])] = tables_of(cells)

    assert (source, service) == (SOURCE, Service.MIDWIFERY)
    assert list(by_home) == [NORTH, SOUTH, BESIDE, ELSEWHERE, UNKNOWN]


def test_a_filter_that_is_not_in_the_list_is_left_out_and_said() -> None:
    asked = asked_for(Form({"days": "9999", "service": "x", "district": NORTH}), [NORTH])

    assert asked.typed == {"days": "28", "source": "", "service": "", "district": NORTH}
    assert [each.field for each in asked.mistakes] == ["days", "service"]


def test_the_list_behind_a_number_asks_for_the_homes_of_its_cell() -> None:
    homes = {NORTH: "North", ELSEWHERE: "Out of the county", UNKNOWN: "Not known"}

    known = duties_asked(Form({"district": NORTH}), homes, AT).which
    unknown = duties_asked(Form({"district": UNKNOWN}), homes, AT).which
    out = duties_asked(Form({"district": ELSEWHERE, "after": "x"}), homes, AT)

    assert (known.homes, known.state) == ((NORTH,), "standing")
    assert unknown.homes == (None,)
    assert (out.which.homes, out.which.others_than) == (None, (NORTH,))
    assert [each.field for each in out.mistakes] == ["days"]


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b'{"a":1}', '{\n  "a": 1\n}'),
        (b'{"a":1,"a":2}', '{"a":1,"a":2}'),
        (b'{"a":1.10}', '{"a":1.10}'),
        (b"\xff<script>", "\ufffd<script>"),
        (b"[" * 100_000, "[" * 100_000),
        (None, None),
    ],
)
def test_what_arrived_is_laid_out_only_where_nothing_of_it_changes(
    body: bytes | None, text: str | None
) -> None:
    assert readable(body) == (text, True)


def test_of_what_is_very_long_the_beginning_is_shown_and_that_is_said() -> None:
    shown, is_whole = readable(b"a" * 200_000)

    assert (len(shown or ""), is_whole) == (100_000, False)
