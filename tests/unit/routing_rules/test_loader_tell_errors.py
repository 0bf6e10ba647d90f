# ruff: noqa: E501 - error texts stand here as they are printed
from inline_snapshot import snapshot

from tests.unit.routing_rules.rule_files import changed, problems_of

URGENCY = "{high: immediate, not assessed: immediate, otherwise: next working day}"
CASE = "midwifery of the home district"


def test_somebody_is_told() -> None:
    def problems_with(tell: str) -> list[str]:
        problems = problems_of(f"- rule: x\n  tell: {tell}\n")
        return [problem for problem in problems if "missing" not in problem]

    assert problems_with("[]") == snapshot(["2:9: nobody is told: name at least one service"])
    assert problems_with("gp") == snapshot(
        ["2:9: a list is expected here: begin each part with '- '"]
    )
    assert problems_with("[gp]") == snapshot(["2:10: a tell line is expected here"])


def test_a_tell_line_begins_with_its_service() -> None:
    text = changed("- gp: at the registered practice", "- ask: act")

    assert problems_of(text.replace("ask: []", "gp: at the registered practice")) == snapshot(
        ["13:7: a tell line begins with its service"]
    )


def test_another_place_is_a_service_and_a_place() -> None:
    assert problems_of(changed(CASE, "midwifery of the home distric")) == snapshot(
        [
            "10:22: 'of the home distric' is not a place; allowed: at the booked provider, at the registered practice, of the home district, of the school, of the attending hospital, of the home district's family nurses, of the county, of the home district's midwifery trust, of the home district's health visiting trust, of the home district's school nursing trust, of the home district's camhs trust, of the home district's adult mental health trust, of the former district, of the sending organisation, of every hospital; did you mean 'of the home district'?"
        ]
    )
    assert problems_of(changed(CASE, "midwifry of the home district")) == snapshot(
        [
            "10:22: 'midwifry' is not a service; allowed: midwifery, health visiting, school nursing, gp, camhs, safeguarding, paediatric liaison, emergency, adult mental health, looked after health, social care, mash; did you mean 'midwifery'?"
        ]
    )
    assert problems_of(changed(CASE, "somebody somewhere")) == snapshot(
        [
            "10:22: 'somebody somewhere' is not a service and a place; write it as 'midwifery of the home district'"
        ]
    )
    assert problems_of(changed("if no booking", "if not booked")) == snapshot(
        [
            "10:7: 'if not booked' is not a key of a tell line; allowed: midwifery, urgency, ask, if no booking, if home educated, if no school, if independent school; did you mean 'if no booking'?"
        ]
    )


def test_an_urgency_names_every_value_that_the_rule_lets_through() -> None:
    def problems_with(urgency: str) -> list[str]:
        return problems_of(changed(URGENCY, urgency))

    assert problems_with("{high: immediate, medium: routine, not assessed: immediate}") == snapshot(
        ["11:16: no urgency for risk 'standard'"]
    )
    assert problems_with("{high: immediate, otherwise: routine}") == snapshot(
        ["11:16: no urgency for risk 'not assessed', which 'otherwise' never covers"]
    )
    assert problems_with(
        "{high: imediate, not assessed: immediate, otherwise: routine}"
    ) == snapshot(
        [
            "11:23: 'imediate' is not an urgency; allowed: immediate, same day, next working day, routine; did you mean 'immediate'?"
        ]
    )
    assert problems_with("{high: [], not assessed: immediate, otherwise: routine}") == snapshot(
        ["11:23: one text is expected here"]
    )


def test_an_urgency_depends_on_one_choice_field() -> None:
    def problems_with(urgency: str) -> list[str]:
        return problems_of(changed(URGENCY, urgency))

    assert problems_with(
        "{hihg: immediate, not assessed: immediate, otherwise: routine}"
    ) == snapshot(
        [
            "11:17: 'hihg' is not a risk; allowed: standard, medium, high, not assessed; did you mean 'high'?"
        ]
    )
    assert problems_with("{otherwise: routine}") == snapshot(
        [
            "11:16: it does not say which field decides: write 'by', with one of risk, children present, role, also victim, also alleged perpetrator, stage, pregnant, sex, home, district, booking, practice, school type, address restricted"
        ]
    )
    assert problems_with("{yes: immediate, no: routine, unknown: immediate}") == snapshot(
        [
            "11:16: it does not say which field decides: write 'by', with one of children present, pregnant, address restricted"
        ]
    )
    assert problems_with("{purple: immediate}") == snapshot(
        [
            "11:16: it does not say which field decides: write 'by', with one of risk, children present, role, also victim, also alleged perpetrator, stage, pregnant, sex, home, district, booking, practice, school type, address restricted"
        ]
    )
    assert problems_with("{by: incident types, physical: immediate}") == snapshot(
        [
            "11:21: 'incident types' is not a field that can decide an urgency; allowed: risk, children present, role, also victim, also alleged perpetrator, stage, pregnant, sex, home, district, booking, practice, school type, address restricted"
        ]
    )
    assert problems_with("{by: [risk], high: immediate}") == snapshot(
        ["11:21: one text is expected here"]
    )
    assert problems_with("{}") == snapshot(
        [
            "11:16: it does not say which field decides: write 'by', with one of risk, children present, role, also victim, also alleged perpetrator, stage, pregnant, sex, home, district, booking, practice, school type, address restricted"
        ]
    )
