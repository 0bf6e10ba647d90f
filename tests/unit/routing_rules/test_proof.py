"""What a proof says of promises that hold, that do not, and that it cannot decide."""

from dataclasses import replace

import pytest

from routing_rules.gap_check import replay
from routing_rules.proof import ABSENCE, NOBODY_IS_SO, Verdict
from routing_rules.proof_report import prove_all
from tests.builders import rulebook_files
from tests.promise_kit import ON, gap_reports, promise, promising, proved

POLICE = rulebook_files("staffordshire")["rules/police.yaml"]
EMERGENCY = rulebook_files("staffordshire")["rules/emergency.yaml"]
MIDWIFE = promise(
    """
    event: police domestic abuse
    about: {role: victim, pregnant: [yes, possible], booking: with a listed provider}
    is told: [midwifery]
    is told within: next working day
    is asked to: [acknowledge]
    """
)
NOBODY = promise(
    """
    event: marac outcome
    about: {role: alleged perpetrator}
    nobody is told: true
    """
)


def only_gap(text: str, **files: str) -> tuple[str, str, str]:
    """The only gap in words: what, where, and the nearest rule; its example must show it."""
    (gap,) = gap_reports(promising(text, **files))
    assert gap.example.doubt is None
    return gap.what, "; ".join(gap.region), gap.nearest


def narrowed(old: str, new: str) -> dict[str, str]:
    assert old in POLICE
    return {"rules/police.yaml": POLICE.replace(old, new)}


@pytest.mark.parametrize("text", [MIDWIFE, NOBODY])
def test_what_holds_is_proved(text: str) -> None:
    assert proved(promising(text)).verdict is Verdict.PROVED


def test_a_condition_that_leaves_somebody_out_is_named_with_its_line() -> None:
    files = narrowed("pregnant: [yes, possible]", "pregnant: [yes]")

    what, region, nearest = only_gap(MIDWIFE.replace("\n  is asked to: [acknowledge]", ""), **files)

    assert what == "Midwifery is not told within next working day"
    assert "pregnant possible" in region
    assert nearest == (
        "Nearest rule: da-pregnant-victim (rules/police.yaml:10): its condition 'pregnant: yes'"
    )


def test_a_directory_without_a_team_is_a_gap() -> None:
    text = promise(
        """
        event: police domestic abuse
        about: {role: victim, pregnant: yes, booking: none, home: in the county}
        is told: [midwifery]
        """
    )
    teams = rulebook_files("staffordshire")["directory/teams.csv"]
    ended = teams.replace("E07000193,,RJF,2012-01-01,,", "E07000193,,RJF,2012-01-01,2020-01-01,")

    what, region, nearest = only_gap(text, **{"directory/teams.csv": ended})

    assert what == "Midwifery is not told"
    assert "district East Staffordshire" in region
    assert nearest.endswith("no midwifery team serves the home district")


def test_too_late_is_a_gap_and_so_is_an_ask_that_is_missing() -> None:
    late = promise(
        """
        event: police domestic abuse
        when: {risk: medium}
        about: {role: victim, pregnant: yes}
        is told or MASH owns it: [midwifery]
        is told within: immediate
        """
    )
    acting = promise(
        """
        event: police domestic abuse
        about: {role: victim, practice: listed}
        is told: [gp]
        is asked to: [act]
        """
    )

    assert only_gap(late)[2].startswith("Nearest rule: da-pregnant-victim")
    assert "its urgency depends on risk, not within immediate" in only_gap(late)[2]
    assert only_gap(acting)[0] == "The GP is not asked to act"
    assert only_gap(acting)[2].endswith("it does not ask them to act")


def test_what_is_withheld_is_a_gap_that_names_the_block() -> None:
    text = promise(
        """
        event: emergency attendance
        when: {departure: recorded, concerns: sexual health}
        about: {role: patient, stage: before school, home: in the county}
        is told: [health visiting]
        """
    )

    _, region, nearest = only_gap(text)

    assert "concerns include sexual health" in region
    assert "withheld: sexual health of a child is confidential (rules/emergency.yaml:" in nearest


def test_a_guarded_person_is_never_told_about_so_that_promising_it_is_a_gap() -> None:
    text = promise(
        """
        event: police domestic abuse
        about: {role: alleged perpetrator, stage: before school, home: in the county}
        is told: [health visiting]
        """
    )

    assert only_gap(text)[2].endswith(
        "only an alleged perpetrator: nothing is ever told about them"
    )


def test_a_service_that_no_rule_tells_is_said_so() -> None:
    text = promise("event: marac outcome\nabout: {role: unborn}\nis told: [looked after health]")

    assert only_gap(text)[2] == "No rule tells looked after health of an event 'marac outcome'"


def test_a_team_that_is_not_of_the_home_district_does_not_keep_the_promise() -> None:
    text = promise(
        """
        event: police domestic abuse
        about: {role: victim, pregnant: yes, booking: with a listed provider, district: Tamworth}
        is told to the team of the home district: [midwifery]
        """
    )

    what, _, nearest = only_gap(text)

    assert what == "Midwifery is not told in the home district"
    assert nearest.endswith("the team that it tells is not that of the home district")


def test_somebody_who_is_told_of_all_the_same_breaks_a_promise_of_silence() -> None:
    text = promise("event: marac outcome\nabout: {role: unborn}\nnobody is told: true")

    reports = gap_reports(promising(text))

    assert {report.what for report in reports} == {"Somebody is told"}
    assert all(report.example.doubt is None for report in reports)
    assert "Told by marac-unborn (rules/marac.yaml:" in reports[0].nearest


def test_a_part_that_a_table_lets_through_breaks_a_promise_of_confidence() -> None:
    text = promise(
        """
        event: police domestic abuse
        about: {role: victim, stage: adult}
        no field is disclosed to: {service: [gp], fields: [summary]}
        """
    )

    (gap,) = gap_reports(promising(text))

    assert gap.what == "It can be disclosed: summary"
    assert gap.nearest.startswith("Told by da-victim-practice")
    assert gap.example.doubt is None


def test_what_the_router_keeps_back_by_itself_is_said_to_be_in_doubt() -> None:
    text = promise(
        """
        event: emergency attendance
        when: {concerns: self harm}
        about: {role: patient, age: known to be under 18, district: Tamworth}
        no field is disclosed to: {service: [camhs], fields: [self-harm detail]}
        """
    )

    reports = gap_reports(promising(text))

    doubts = {report.example.doubt for report in reports}
    assert doubts == {None, "the engine keeps the promise for the example"}


def test_who_is_told_when_the_team_is_closed_reads_too() -> None:
    text = promise(
        """
        event: emergency attendance
        when: {concerns: overdose}
        about: {role: patient, pregnant: yes, age: known to be at least 18, home: unknown}
        no field is disclosed to: {service: [social care], fields: [attendance]}
        """
    )

    gap, *_ = gap_reports(promising(text))

    assert gap.nearest.startswith("Told by ed-pregnant-at-risk")
    assert gap.example.doubt is None


def test_a_promise_about_nobody_is_not_proved() -> None:
    text = promise(
        """
        event: police domestic abuse
        about: {stage: adult, age: known to be under 5}
        is told: [gp]
        """
    )

    assert proved(promising(text)).because == NOBODY_IS_SO
    assert proved(promising(text)).verdict is Verdict.NOT_ANALYSABLE


def test_a_fact_that_is_stated_takes_away_what_it_says_cannot_be() -> None:
    text = promise(
        """
        event: police domestic abuse
        about: {role: victim, pregnant: yes, age: known to be under 10}
        is told: [gp]
        """
    )
    fact = "- fact: nobody is\n  about: {pregnant: yes}\n  always: {age: [at least 10, unknown]}\n"

    assert proved(promising(text)).verdict is Verdict.GAP
    assert proved(promising(fact, text)).because == NOBODY_IS_SO


def test_the_absence_of_a_person_is_not_analysed() -> None:
    text = MIDWIFE + "  and nobody where: {role: alleged perpetrator}\n"

    result = proved(promising(text))

    assert (result.verdict, result.because) == (Verdict.NOT_ANALYSABLE, ABSENCE)


def test_beyond_its_budget_a_promise_is_undecided_and_never_proved() -> None:
    assert proved(promising(MIDWIFE), steps=3).verdict is Verdict.UNDECIDED


def test_a_ground_beyond_its_budget_leaves_all_its_promises_undecided() -> None:
    text = promise(
        """
        event: emergency attendance
        about: {role: patient}
        is told: [gp]
        """
    )

    (report,) = prove_all(promising(text), ON, steps=1).promises

    assert report.proved.verdict is Verdict.UNDECIDED
    assert report.gaps == ()


def test_only_some_gaps_are_told_and_that_there_are_more() -> None:
    text = promise("event: emergency attendance\nis told: [gp, camhs, midwifery]")

    result = proved(promising(text))

    assert result.more
    assert len(result.gaps) == 5


def test_what_is_left_to_a_withhold_block_is_no_part_of_a_promise() -> None:
    text = promise(
        """
        event: emergency attendance
        when: {departure: recorded}
        about: {role: patient, stage: before school, home: in the county}
        unless withheld by: [sexual health of a child is confidential]
        is told: [health visiting]
        """
    )

    assert proved(promising(text)).verdict is Verdict.PROVED


def test_a_rule_that_fires_once_in_a_while_is_named_with_the_promise_that_rests_on_it() -> None:
    text = promise(
        """
        event: emergency attendance
        when: {category: unplanned first, hospital: listed}
        about: {role: patient, age: [under 9], attendances in 183 days: [over 3]}
        unless withheld by: [sexual health of a child is confidential]
        is told: [paediatric liaison]
        """
    )
    rulebook = promising(text)

    (report,) = (whole := prove_all(rulebook, ON)).promises

    assert report.proved.once_per == (
        "ed-frequent-child (183 days)",
        "ed-frequent-infant (183 days)",
    )
    assert any("ed-frequent-child (183 days) fires" in each for each in whole.assumptions)
    assert whole.all_proved


def test_a_rulebook_that_promises_nothing_is_not_proved() -> None:
    assert not prove_all(promising(""), ON).all_proved


def test_the_example_of_a_child_whom_only_the_register_knows_has_the_events_that_tell_of_it() -> (
    None
):
    text = promise(
        """
        event: emergency attendance
        when: {concerns: overdose}
        about: {parent's role: patient, stage: before school, flags: child protection}
        is told: [camhs]
        """
    )
    rulebook = promising(text)

    gap, *_ = gap_reports(rulebook)

    assert gap.example.doubt is None
    assert gap.example.example is not None
    kinds = [str(each["type"]).split(".")[2] for each in gap.example.example.known]
    assert kinds == ["person", "family-link"]
    refused = replace(gap.example.example, event={**gap.example.example.event, "data": {}})
    assert str(replay(refused, rulebook)).startswith("the example is refused: ")
    alone = replace(gap.example.example, known=())
    assert replay(alone, rulebook) == "the register does not add the child to the example"


def test_the_example_of_a_frequent_attender_has_the_attendances_before() -> None:
    text = promise(
        """
        event: emergency attendance
        about: {role: patient, age: known to be over 20, attendances in 183 days: exactly 7}
        is told: [camhs]
        """
    )

    (gap,) = gap_reports(promising(text))

    assert gap.example.doubt is None
    assert gap.example.example is not None
    assert len(gap.example.example.known) == 7
