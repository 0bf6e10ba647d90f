"""A rulebook of few rules, whole enough to be examined in a second: the shipped county's."""

from functools import cache

from routing_rules.rulebook import Rulebook, load_rulebook
from tests.builders import rulebook_files

_RULES = """
- rule: da-pregnant-victim
  why: A pregnant victim of domestic abuse is known to her maternity service.
  event: police domestic abuse
  when: {risk: [standard, medium, high, not assessed]}
  about:
    each person where: {role: victim, pregnant: [yes, possible]}
  tell:
    - midwifery: at the booked provider
      if no booking: midwifery of the home district
      urgency:
        high: immediate
        not assessed: immediate
        medium: MEDIUM
        standard: next working day
      ask: [acknowledge, record]
  source: [para 1.13]
  owner: named.midwife
  review by: 2027-04-01
  pathway: [P01]
"""
_TODDLER = """
- rule: da-child-under-five
  why: <script>alert("Health visitors")</script> hear of a child under five.
  event: police domestic abuse
  about:
    each person where: {role: child present, age: [under 5, unknown]}
  tell:
    - {health visiting: of the home district, urgency: same day, ask: [acknowledge, record]}
  source: [para 1.14]
  owner: named.nurse
  review by: 2027-04-01
"""
_WITHHOLD = """
- withhold: sexual health of a child is confidential
  event: emergency attendance
  when: {concerns: [sexual health]}
  about: {role: patient, age: [under 18, unknown]}
  except: [safeguarding, social care]
  basis: the common law duty of confidentiality
"""
_PROMISES = """
- promise: a pregnant victim is never met with silence
  why: It may be the only chance.
  event: police domestic abuse
  about: {role: victim, pregnant: [yes, possible]}
  is told or MASH owns it: [midwifery]
  source: [para 1.13]
  owner: named.midwife
  review by: 2027-04-01
"""
_BROKEN = """
- promise: a child of any age is known to somebody
  why: Nobody may be missed.
  event: police domestic abuse
  about: {role: child present}
  is told or MASH owns it: [health visiting]
  source: [para 1.14]
  owner: named.nurse
  review by: 2027-04-01
"""
_CASES = """
- case: The victim is pregnant
  event: police domestic abuse
  data:
    risk: high
    people: [{role: victim, pregnant: yes, maternity_provider: RJE}]
  fires: [da-pregnant-victim]
  told: [{about: victim, service: midwifery, recipient: RJE:midwifery, urgency: immediate}]

- case: The victim has no booking
  event: police domestic abuse
  data:
    risk: standard
    people: [{role: victim, pregnant: yes}]
  fires: [da-pregnant-victim]
  told: [{about: victim, service: midwifery}]

- case: The victim is not pregnant
  event: police domestic abuse
  data:
    people: [{role: victim, pregnant: no}]
  does not fire: [da-pregnant-victim]
  not told: [{about: victim}]

- case: It is confidential at fifteen
  event: emergency attendance
  data:
    concerns: [sexual_health]
    patient: {ref: teen, date_of_birth: 2011-03-01}
  withholds: [sexual health of a child is confidential]

- case: It is nobody's business of an adult
  event: emergency attendance
  data:
    concerns: [sexual_health]
    patient: {date_of_birth: 1996-04-11}
  does not withhold: [sexual health of a child is confidential]
"""
_TODDLER_CASES = """
- case: A toddler was there
  event: police domestic abuse
  data:
    people: [{role: child_present, date_of_birth: 2024-02-02}]
  fires: [da-child-under-five]
  told: [{about: child_present, service: health visiting, urgency: same day}]

- case: A pupil was there
  event: police domestic abuse
  data:
    people: [{role: child_present, date_of_birth: 2014-02-02}]
  does not fire: [da-child-under-five]
"""

OF_TODDLERS = """
- promise: a child under five is known to health visitors
  why: Nobody may be missed.
  event: police domestic abuse
  about: {role: child present, age: [under 5]}
  is told or MASH owns it: [health visiting]
  source: [para 1.14]
  owner: named.nurse
  review by: 2027-04-01
"""
"""A promise that is kept where toddlers are told of."""
AT_ONCE = """
- promise: a pregnant victim at medium risk is known at once
  why: Not low is not nothing.
  event: police domestic abuse
  about: {role: victim, pregnant: [yes]}
  is told or MASH owns it: [midwifery]
  is told within: immediate
  when: {risk: medium}
  source: [para 1.14]
  owner: named.nurse
  review by: 2027-04-01
"""
"""A promise that is kept where medium risk is immediate."""


def promising_too(rulebook: Rulebook, *promises: str, **files: str) -> Rulebook:
    """The same rulebook with more promises, and some other files replaced."""
    kept = rulebook.files["promises.yaml"] + "".join(promises)
    return load_rulebook({**rulebook.files, **files, "promises.yaml": kept})


@cache
def small_rulebook(
    *, medium: str = "same day", toddlers: bool = False, broken: bool = False, note: str = ""
) -> Rulebook:
    """How soon a pregnant victim at medium risk is told of, and whether toddlers are.

    `broken` makes a promise that is not kept; a `note` changes the hash and nothing else.
    """
    files = rulebook_files("staffordshire")
    left_out = ("rules/", "cases/", "promises.yaml")
    kept = {path: text for path, text in files.items() if not path.startswith(left_out)}
    return load_rulebook(
        {
            **kept,
            "rules/police.yaml": f"# {note}\n{_RULES.replace('MEDIUM', medium)}"
            + (_TODDLER if toddlers else "")
            + _WITHHOLD,
            "cases/made.yaml": _CASES + (_TODDLER_CASES if toddlers else ""),
            "cases/defaults.yaml": files["cases/defaults.yaml"],
            "promises.yaml": _PROMISES + (_BROKEN if broken else ""),
        }
    )
