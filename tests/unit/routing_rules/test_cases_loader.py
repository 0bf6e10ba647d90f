"""What cannot be read in a case is said with its place."""

import pytest

from tests.unit.routing_rules.test_cases import CASE, DEFAULTS, problems, run


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("cases: x", "cases/made.yaml:1:1: a list is expected here: begin each part with '- '"),
        ("- x", "cases/made.yaml:1:3: a case is expected here"),
        (
            "- case: A name\n  event: police domestic abuse",
            "cases/made.yaml:1:3: a case needs 'data', which is missing",
        ),
        (
            "- case: A name\n  event: polce domestic abuse\n  data: {people: [{role: victim}]}",
            "cases/made.yaml:2:10: 'polce domestic abuse' is not an event; allowed: police",
        ),
        (
            "- case: A name\n  event: police domestic abuse\n  data: x",
            "cases/made.yaml:3:9: the event's data are expected here",
        ),
        (
            CASE + "  fires: [victim-herd]",
            "cases/made.yaml:6:11: 'victim-herd' is not a rule about",
        ),
        (
            CASE + "  withholds: [nothing]",
            "cases/made.yaml:6:15: 'nothing' is not a withhold block about this event",
        ),
        (CASE + "  firs: [victim-heard]", "cases/made.yaml:6:3: 'firs' is not a key of a case"),
        (CASE + "  told: [x]", "cases/made.yaml:6:10: a line of 'told' is expected here"),
        (CASE + "  not told: [x]", "cases/made.yaml:6:14: a line of 'not told' is expected here"),
        (CASE + "  known: [x]", "cases/made.yaml:6:11: an earlier event is expected here"),
        (
            CASE + "  told: [{about: victm, service: gp}]",
            "cases/made.yaml:6:18: 'victm' is not in the event; allowed: victim, victim/unborn",
        ),
        (
            CASE + "  told: [{about: victim, service: gpp}]",
            "cases/made.yaml:6:35: 'gpp' is not a service",
        ),
        (
            CASE + "  not told: [{service: gp}]",
            "cases/made.yaml:6:14: a line of 'not told' needs 'about', which is missing",
        ),
        (CASE + "  at: yesterday", "cases/made.yaml:6:7: 'yesterday' is not a time; write it with"),
        (
            CASE + "  at: 2026-03-06T14:00:00",
            "cases/made.yaml:6:7: '2026-03-06T14:00:00' is not a time; write it with its zone",
        ),
        (CASE.replace("victim}", "vctim}"), "cases/made.yaml:5:21: 'vctim' is not one of role;"),
        (
            CASE.replace("victim}", "victim, pregnent: yes}"),
            "cases/made.yaml:5:29: 'pregnent' is not known here;",
        ),
        (
            CASE.replace("people:", "rsk: high\n    people:"),
            "cases/made.yaml:5:5: 'rsk' is not known here;",
        ),
        (
            CASE.replace("victim}", "victim, nhs_number: 9990000035}"),
            "cases/made.yaml:5:41: nhs_number: the check digit does not match",
        ),
        (CASE.replace("{role: victim}", "{ref: x}"), "cases/made.yaml:5:14: 'role' is missing"),
        (CASE.replace("{role: victim}", "x"), "cases/made.yaml:5:14: people: input should be an"),
        (CASE.replace("[{role: victim}]", "x"), "cases/made.yaml:5:13: people: "),
        (
            CASE.replace("{role: victim}", "{role: victim}, {role: victim}"),
            "cases/made.yaml:5:",
        ),
        (
            CASE.replace("victim}", "victim, address: {districtx: E07000193}}"),
            "cases/made.yaml:5:39: 'districtx' is not known here; allowed: district, lines",
        ),
        (
            CASE.replace("victim}", "victim, relationships: [{to: nobody, is: parent}]}"),
            "cases/made.yaml:5:",
        ),
    ],
)
def test_what_cannot_be_read_is_said_with_its_place(text: str, problem: str) -> None:
    (found,) = problems(text)

    assert found.startswith(problem)


NO_TIME = (
    "cases/made.yaml:5:5: neither the case nor cases/defaults.yaml says 'at' what time it happens"
)


def test_a_case_needs_a_time_of_its_own_or_of_the_defaults() -> None:
    assert problems(CASE, "victim: {pregnant: yes}") == [NO_TIME]
    assert run(CASE + "  at: 2026-03-06T14:00:00Z", "").passed


@pytest.mark.parametrize(
    ("defaults", "problem"),
    [
        (DEFAULTS + "vctim: {}", "cases/defaults.yaml:8:1: 'vctim' is not one of the defaults"),
        (DEFAULTS + "parent: x", "cases/defaults.yaml:8:9: names with values are expected here"),
        (DEFAULTS.replace("2026-03-06T14:00:00Z", "[x]"), "cases/defaults.yaml:2:5: a text is"),
    ],
)
def test_defaults_that_cannot_be_read_are_said_with_their_place(
    defaults: str, problem: str
) -> None:
    assert problems(CASE, defaults)[0].startswith(problem)


def test_an_empty_file_holds_no_case() -> None:
    report = run("")

    assert (report.results, report.problems) == ((), ())
    assert report.passed


def test_a_default_that_does_not_fit_is_told_where_the_case_stands() -> None:
    assert problems(CASE, DEFAULTS.replace("risk: high", "rsk: high"))[0].startswith(
        "cases/made.yaml:2:3: 'rsk' is not known here;"
    )
    assert problems(CASE, DEFAULTS.replace("risk: high", "risk: hihg"))[0].startswith(
        "cases/made.yaml:2:3: "
    )
    assert problems(CASE, DEFAULTS + "everybodyy: {}")


def test_a_patient_that_is_none_is_told() -> None:
    text = "- case: A name\n  event: emergency attendance\n  data: {patient: x}\n"

    assert problems(text) == ["cases/made.yaml:3:19: patient: input should be an object"]
