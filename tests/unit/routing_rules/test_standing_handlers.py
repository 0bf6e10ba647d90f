"""Standing handlers of known gaps in what is commissioned (report, para 3.8)."""

from dataclasses import replace
from datetime import timedelta
from functools import cache
from uuid import UUID

import pytest

from routing_rules.case import Case
from routing_rules.casework import decide, decide_again
from routing_rules.decision import OwedDuty
from routing_rules.known import NOTHING_KNOWN
from routing_rules.returns import Return
from routing_rules.rulebook import Rulebook, load_rulebook
from routing_rules.source_text import RulebookInvalid
from routing_rules.standing_handlers import TOLD_INSTEAD, gaps_in
from routing_rules.unplaced import Unplaced, why_unplaced
from schemas.values import Ask, NotificationKind, Service
from tests.builders import (
    EMERGENCY,
    NOW,
    POLICE,
    a_person,
    an_event,
    at_home,
    attendance,
    decision_on,
    police,
    rulebook_files,
)

NURSES = "RYW:school-nursing:E07000193"
HEAD = "service,district,recipient,school_types,events,from,until\n"
ROW = "school-nursing,E07000193,R1E:safeguarding,independent,police,2026-01-01,2026-12-31\n"
FILE = "directory/standing-handlers.csv"
BOARDER = a_person(
    "child_present",
    ref="boarder",
    number=5,
    date_of_birth="2014-05-05",
    school={"urn": "900010", "type": "independent"},
    **at_home(),
)


@cache
def with_handlers(rows: str = ROW) -> Rulebook:
    return load_rulebook({**rulebook_files("staffordshire"), FILE: HEAD + rows})


def instead_of_school_nursing(
    rulebook: Rulebook, boarder: dict[str, object] = BOARDER, **known: object
) -> OwedDuty:
    data = police(boarder, a_person(**at_home()), **known)
    duties = decision_on(POLICE, data, rulebook=rulebook).duties
    (duty,) = (d for d in duties if d.instead_of is Service.SCHOOL_NURSING)
    return duty


def test_the_handler_is_told_in_the_place_of_mash_and_it_is_still_an_exception() -> None:
    duty = instead_of_school_nursing(with_handlers())

    assert (duty.recipient, duty.kind) == ("R1E:safeguarding", NotificationKind.EXCEPTION)
    assert duty.because == (
        f"no school nursing is commissioned for independent schools; {TOLD_INSTEAD}"
    )
    assert duty.asks == (Ask.ACKNOWLEDGE, Ask.ACT)
    assert why_unplaced(duty) is Unplaced.COMMISSIONING_GAP


@pytest.mark.parametrize(
    "rows",
    [
        "",
        ROW.replace("E07000193", "E07000194"),
        ROW.replace("independent", "special"),
        ROW.replace("police", "emergency marac"),
        ROW.replace("2026-01-01", "2026-04-01"),
        ROW.replace("2026-12-31", "2026-02-01"),
        ROW.replace("school-nursing", "camhs"),
    ],
    ids=["none", "elsewhere", "other schools", "other events", "not yet", "over", "other service"],
)
def test_a_line_for_something_else_leaves_the_gap_to_mash(rows: str) -> None:
    duty = instead_of_school_nursing(with_handlers(rows))

    assert duty.recipient == "MASH:mash"
    assert why_unplaced(duty) is Unplaced.NO_RECIPIENT


def test_a_line_without_kinds_is_for_all_of_them() -> None:
    everything = "school-nursing,E07000193,R1E:safeguarding,,,,\n"

    assert instead_of_school_nursing(with_handlers(everything)).recipient == "R1E:safeguarding"


@pytest.mark.parametrize("named", ["R1E:safeguarding", "R1E"])
def test_a_handler_that_must_not_be_told_is_not(named: str) -> None:
    duty = instead_of_school_nursing(with_handlers(), do_not_tell=[named])

    assert duty.recipient == "MASH:mash"


def test_what_is_not_known_is_no_gap() -> None:
    homeless = {name: value for name, value in BOARDER.items() if name != "address"}
    homeless |= {"gp_practice": None, "school": {"type": "state"}}
    rows = "school-nursing,E07000193,R1E:safeguarding,,,,\n"

    duty = instead_of_school_nursing(with_handlers(rows), homeless)

    assert duty.recipient == "MASH:mash"


def test_what_the_handler_returns_is_mashs() -> None:
    event = an_event(POLICE, police(BOARDER, a_person(**at_home())))
    case, _ = decide(Case(UUID(int=7)), event, with_handlers(), NOW)
    (held,) = (d for d in case.duties if d.instead_of is Service.SCHOOL_NURSING)
    key, who = held.person_key, held.recipient
    said = Return(key, Service.SCHOOL_NURSING, who, None, is_by_hand=False, at=NOW)

    again = replace(case, returns=(said,))
    later = NOW + timedelta(hours=1)
    after, _ = decide_again(again, with_handlers(), later, NOTHING_KNOWN, is_late=False)

    owed = {d.recipient for d in after.duties if d.instead_of and not d.is_ended}
    assert owed == {"MASH:mash"}


def test_a_withheld_matter_does_not_reach_a_handler_who_may_not_hear_it() -> None:
    """CAMHS may hear of self-harm beside it; a health visitor instead of CAMHS may not."""
    rows = "camhs,E07000193,R1E:health-visiting:E07000193,,,,\n"
    files = {**rulebook_files("staffordshire"), FILE: HEAD + rows}
    files["directory/teams.csv"] = "\n".join(
        line
        for line in files["directory/teams.csv"].splitlines()
        if not line.startswith("RRE:camhs,camhs,E07000193")
    )
    patient = a_person("patient", ref="p1", number=5, date_of_birth="2012-05-05", **at_home())
    data = attendance(patient, concerns=["sexual_health", "self_harm"], status="departed")

    told = decision_on(EMERGENCY, data, rulebook=load_rulebook(files)).duties

    assert {d.recipient for d in told if d.instead_of is Service.CAMHS} == {"MASH:mash"}


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        (ROW + ROW, "already names a handler of this gap"),
        (ROW.replace("R1E:safeguarding", "R9Z:safeguarding"), "is not in the directory all the"),
        (ROW.replace("R1E:safeguarding", "MASH:mash"), "cannot be a standing handler"),
        (ROW.replace("R1E:safeguarding", NURSES), "cannot be a standing handler"),
        (ROW.replace("2026-01-01", "2000-01-01"), "is not in the directory all the time"),
        (ROW.replace("E07000193", "E99"), "not a home district"),
        (ROW.replace("police", "polcie"), "not a family of events"),
        (ROW.replace("school-nursing", "mash"), "not a service with teams"),
        (ROW.replace("R1E:safeguarding", "R1E"), "not a recipient"),
    ],
)
def test_a_table_that_cannot_be_right_is_refused(rows: str, says: str) -> None:
    with pytest.raises(RulebookInvalid, match=says):
        load_rulebook({**rulebook_files("staffordshire"), FILE: HEAD + rows})


def test_lines_that_follow_one_another_are_two_answers() -> None:
    then = ROW.replace("2026-01-01,2026-12-31", "2027-01-01,")

    assert instead_of_school_nursing(with_handlers(ROW + then)).recipient == "R1E:safeguarding"


def test_only_gaps_are_gaps() -> None:
    gap = "no school nursing is commissioned for independent schools"

    assert gaps_in(f"{gap}; {TOLD_INSTEAD}; the school is not known") == (gap,)
