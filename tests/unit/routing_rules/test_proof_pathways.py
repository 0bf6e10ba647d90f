"""Proofs over the pathways' events: what is seen of them, and what nothing may rest on."""

from routing_rules.proof import CONTENT, Verdict
from tests.builders import rulebook_files
from tests.promise_kit import promise, promising, proved

FILES = rulebook_files("staffordshire")
RULE = """
- rule: made
  why: It matters.
  event: {event}
  about: {about}
  tell:
    - {tell}
      urgency: same day
      ask: [acknowledge]
  source: [para 3.19]
  owner: named.nurse
  review by: 2027-04-01
"""


def verdict(text: str, **files: str) -> Verdict:
    return proved(promising(promise(text), **files)).verdict


def alone(event: str, tell: str, about: str = "{role: patient}") -> dict[str, str]:
    """This rule instead of every other; the withhold blocks of the county are left out as well."""
    texts = {path: "[]" for path in FILES if path.startswith("rules/")}
    first = next(iter(texts))
    return {**texts, first: RULE.format(event=event, tell=tell, about=about)}


def test_no_promise_rests_on_the_team_of_a_sender_but_one_that_mash_may_keep() -> None:
    rule = alone("community relapse plan", "adult mental health: of the sending organisation")
    about = "event: community relapse plan\nabout: {role: patient}\n"

    assert verdict(about + "is told: [adult mental health]", **rule) is Verdict.GAP
    assert verdict(about + "is told or MASH owns it: [adult mental health]", **rule) is (
        Verdict.PROVED
    )
    assert verdict(about + "nobody is told: true", **rule) is Verdict.GAP


def test_no_promise_rests_on_the_team_of_where_a_family_lived_before() -> None:
    rule = alone("community transfer in", "health visiting: of the former district")
    about = "event: community transfer in\nabout: {role: patient, home: in the county}\n"

    assert verdict(about + "is told: [health visiting]", **rule) is Verdict.GAP
    assert verdict(about + "is told or MASH owns it: [health visiting]", **rule) is Verdict.PROVED


def test_a_trust_is_found_by_the_home_district() -> None:
    place = "safeguarding: of the home district's school nursing trust"
    rule = alone("social care exploitation risk", place, "{role: child elsewhere}")
    about = "event: social care exploitation risk\nis told: [safeguarding]\n"
    child = "role: child elsewhere, also alleged perpetrator: no"

    assert verdict(f"{about}about: {{{child}, district: Tamworth}}", **rule) is Verdict.PROVED
    assert verdict(f"{about}about: {{{child}, home: elsewhere}}", **rule) is Verdict.GAP


def test_every_hospital_is_told_wherever_somebody_lives() -> None:
    rule = alone("social care child status", "emergency: of every hospital", "{role: unborn}")
    text = "event: social care child status\nabout: {role: unborn}\nis told: [emergency]"

    assert verdict(text, **rule) is Verdict.PROVED


def test_the_provider_of_an_event_may_be_the_booking_of_whoever_has_none() -> None:
    place = "midwifery: at the booked provider\n      if no booking: {} of the home district"
    about = "about: {role: patient, booking: none, home: in the county}\n"
    same = alone("maternity birth", place.format("midwifery"))
    other = alone("maternity birth", place.format("health visiting"))
    text = f"event: maternity birth\n{about}"

    assert verdict(text + "is told: [midwifery]", **same) is Verdict.GAP
    assert verdict(text + "is told or MASH owns it: [midwifery]", **same) is Verdict.PROVED
    assert verdict(text + "is told or MASH owns it: [health visiting]", **other) is Verdict.GAP


def test_pupils_of_independent_schools_are_left_out_where_no_rule_says_what_is_done() -> None:
    text = """
        event: social care conference invitation
        when: {invited: [school nursing]}
        about: {role: child elsewhere, stage: school age, school type: independent, district: Tamworth, also alleged perpetrator: no}
        is told to the team of the home district: [school nursing]
        """  # noqa: E501
    path = "rules/conferences.yaml"
    line = "      if independent school: school nursing of the home district\n"
    assert line in FILES[path]

    assert verdict(text) is Verdict.PROVED
    assert verdict(text, **{path: FILES[path].replace(line, "")}) is Verdict.GAP


def test_adults_beside_somebody_who_was_harmed_are_guarded_in_the_community_too() -> None:
    rule = alone("community contact", "gp: at the registered practice", "{role: other adult}")
    about = "event: community contact\nabout: {role: other adult, also victim: no}\n"
    violent = "when: {concerns: [assault, unknown], alleged perpetrator named: no}\n"

    assert verdict(f"{about}{violent}nobody is told: true", **rule) is Verdict.PROVED
    assert verdict(f"{about}nobody is told: true", **rule) is Verdict.GAP


def test_what_is_not_looked_at_is_not_proved() -> None:
    parts = "no field is disclosed to: {service: [gp], fields: [narrative]}"
    hidden = promising(promise(f"event: community relapse plan\n{parts}"))

    assert (proved(hidden).verdict, proved(hidden).because) == (Verdict.NOT_ANALYSABLE, CONTENT)


def test_a_concern_in_a_pregnancy_that_is_not_named_guards_like_an_unknown_one() -> None:
    rule = alone("maternity concern", "gp: at the registered practice", "{role: other adult}")
    about = "event: maternity concern\nabout: {role: other adult, also victim: no}\n"
    unnamed = "when: {concerns: [unknown], alleged perpetrator named: no}\n"

    assert verdict(f"{about}{unnamed}nobody is told: true", **rule) is Verdict.PROVED
    assert verdict(f"{about}nobody is told: true", **rule) is Verdict.GAP
