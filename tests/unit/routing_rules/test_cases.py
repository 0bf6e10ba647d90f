"""Cases beside the rules: what they expect is checked, and what they leave out is found."""

from inline_snapshot import snapshot

from routing_rules.cases import CaseReport, run_cases
from tests.builders import with_rules

RULES = """
- rule: victim-heard
  why: A victim is heard.
  event: police domestic abuse
  when: {risk: high}
  about: {role: victim}
  tell:
    - midwifery: at the booked provider
      if no booking: midwifery of the home district
      urgency: immediate
      ask: [acknowledge]
    - gp: at the registered practice
      urgency: routine
      ask: []
  source: [para 1.13]
  owner: named.nurse
  review by: 2027-04-01
- withhold: nothing of stalking
  event: police domestic abuse
  when: {incident types: stalking}
  about: {role: victim}
  except: [midwifery]
"""
RULEBOOK = with_rules(RULES)
DEFAULTS = """
at: 2026-03-06T14:00:00Z
everybody:
  gp_practice: Y90004
  address: {district: E07000193}
police domestic abuse: {risk: high}
victim: {maternity_provider: RJF}
"""
CASE = """
- case: A victim at high risk
  event: police domestic abuse
  data:
    people: [{role: victim}]
"""


def run(text: str, defaults: str = DEFAULTS) -> CaseReport:
    files = {"cases/made.yaml": text, "cases/defaults.yaml": defaults, "rules/other.yaml": "- x"}
    return run_cases(RULEBOOK, files)


def failures(text: str) -> list[str]:
    report = run(text)
    assert report.problems == ()
    return [str(failure) for result in report.results for failure in result.failures]


def problems(text: str, defaults: str = DEFAULTS) -> list[str]:
    report = run(text, defaults)
    assert not report.passed
    return [str(problem) for problem in report.problems]


def test_a_case_that_goes_as_it_says_passes() -> None:
    report = run(
        CASE
        + """
  fires: victim-heard
  does not withhold: nothing of stalking
  told:
    - about: victim
      service: midwifery
      recipient: RJF:midwifery
      urgency: immediate
      asks: [acknowledge]
      handling: []
    - {about: victim, service: gp, asks: [], handling: [hide from online access]}
  not told:
    - {about: victim, service: camhs}
"""
    )

    assert report.passed
    (result,) = report.results
    assert (result.name, result.passed) == ("A victim at high risk", True)
    assert str(result.position) == "cases/made.yaml:2:9"


def test_a_failure_says_what_was_expected_and_seen() -> None:
    told = failures(
        CASE
        + """
  does not fire: [victim-heard]
  withholds: nothing of stalking
  told:
    - {about: victim, service: midwifery, urgency: same day, recipient: RJE:midwifery}
    - {about: victim, service: gp, asks: [act], handling: [do not copy]}
    - {about: victim, service: mash, instead of: gp, asks: []}
  not told:
    - {about: victim, service: gp}
    - {about: victim}
"""
    )

    midwifery = "midwifery as RJF:midwifery, immediate, asked to acknowledge"
    practice = "gp as Y90004:gp, routine, asked nothing, hide from online access"
    told_both = f"told: {midwifery}; {practice}"
    assert [line.removeprefix("cases/made.yaml:") for line in told] == [
        "2:9: expected: victim-heard does not fire; it does",
        "2:9: expected: nothing of stalking withholds; it does not",
        f"10:7: expected: midwifery told about victim, as RJE:midwifery, same day; {told_both}",
        f"11:7: expected: gp told about victim, asked to act, do not copy; {told_both}",
        f"12:7: expected: mash told about victim, instead of gp, asked nothing; {told_both}",
        f"14:7: expected: gp not told about victim; told: {practice}",
        f"15:7: expected: nobody told about victim; told: {midwifery}; {practice}",
    ]


def test_a_rule_that_should_fire_and_does_not() -> None:
    text = CASE.replace("people:", "risk: standard\n    people:") + "  fires: [victim-heard]\n"

    assert failures(text + "  told: [{about: victim, service: gp}]\n") == snapshot(
        [
            "cases/made.yaml:2:9: expected: victim-heard fires; it does not",
            "cases/made.yaml:8:10: expected: gp told about victim; told: nobody about victim",
        ]
    )


def test_an_exception_is_shown_with_its_reason() -> None:
    text = CASE.replace("role: victim", "role: victim, gp_practice: Y99999")

    (told,) = failures(text + "  not told: [{about: victim, service: mash}]\n")

    assert told.endswith(
        "told: mash as MASH:mash, instead of gp because the practice is not in the directory, "
        "routine, asked to acknowledge and act"
    )


def test_somebody_about_whom_nothing_may_be_told_makes_no_rule_fire() -> None:
    rules = RULES.replace("{role: victim}\n  tell", "{role: [victim, alleged perpetrator]}\n  tell")
    text = CASE.replace("role: victim", "role: alleged_perpetrator") + "  fires: victim-heard\n"

    report = run_cases(
        with_rules(rules), {"cases/made.yaml": text, "cases/defaults.yaml": DEFAULTS}
    )

    assert not report.passed


def test_a_withheld_case_shows_who_hears_it_all_the_same() -> None:
    told = "  told: [{about: victim, service: gp}]\n"
    text = (
        CASE
        + told
        + CASE.replace("A victim", "Stalking of a victim").replace(
            "people:", "incident_types: [stalking, physical]\n    people:"
        )
    )
    report = run(
        text
        + """
  withholds: [nothing of stalking]
  told: [{about: victim, service: midwifery}]
  not told: [{about: victim, service: gp}]
"""
    )

    assert report.passed
    assert report.coverage.tell_lines == ()


def test_an_earlier_event_of_the_same_occurrence_is_known() -> None:
    """The victim is left out of the later event, and is still there."""
    text = """
- case: An update
  event: police domestic abuse
  data: {police_reference: A, people: [{role: other_adult}, {role: victim, ref: v, sex: female}]}
  known:
    - event: police domestic abuse
      at: 2026-03-05T14:00:00Z
      data: {police_reference: A, people: [{role: victim, ref: v, maternity_provider: RJE}]}
  told: [{about: v, service: midwifery, recipient: RJE:midwifery}]
"""
    assert failures(text.replace(", sex: female", ", maternity_provider: unknown")) == []


# What cannot be read

# What a case need not say


def test_a_person_is_completed_by_role_and_keeps_a_number_of_their_own() -> None:
    text = """
- case: Each kind of event can be left almost empty
  event: emergency attendance
  data: {patient: {sex: female}, people: [{role: parent}]}
- case: A conference
  event: marac outcome
  data: {people: [{role: victim, ref: a}, {role: unborn}], repeat: yes}
- case: Counted things are numbers
  event: police domestic abuse
  data: {people: [{role: unborn, order: 2}], prior_incidents_12_months: 3, risk: unknown}
- case: A number that is given stays
  event: police domestic abuse
  data: {people: [{role: victim, nhs_number: "9990000034"}, {role: parent, nhs_number: unknown}]}
"""
    assert failures(text) == []


def test_a_default_is_taken_away_by_unknown() -> None:
    text = CASE.replace("victim}", "victim, gp_practice: unknown}")

    assert failures(text + "  told: [{about: victim, service: mash, instead of: gp}]\n") == []


# What the cases show
