"""A valid rule file that uses every part of the language, and what it reads as."""

from routing_rules.document import RuleDocument
from routing_rules.loader import load_rules
from routing_rules.source_text import Problems
from routing_rules.vocabulary import build_vocabulary

VOCABULARY = build_vocabulary(["Stafford", "Tamworth"])
FILE = "rules/made.yaml"
VALID = """\
- rule: da-pregnant-victim
  why: A pregnant victim is known to her maternity service before the next contact.
  event: police domestic abuse
  when:
    risk: [standard, medium, high, not assessed]
  about:
    each person where: {role: victim, pregnant: [yes, possible]}
  tell:
    - midwifery: at the booked provider
      if no booking: midwifery of the home district
      urgency: {high: immediate, not assessed: immediate, otherwise: next working day}
      ask: [acknowledge, record]
    - gp: at the registered practice
      urgency: routine
      ask: []
  source: [para 1.13, rec 1.6]
  owner: named.midwife
  review by: 2027-04-01

- rule: child-left-department
  why: A child who left before being seen is followed up.
  event: emergency attendance
  when:
    disposal: [left before assessment, left before treatment]
    concerns: self harm
  about: {age: [under 5, 5 to 15, unknown]}
  once per: 183 days
  tell:
    - school nursing: of the school
      if home educated: school nursing of the home district
      if no school: safeguarding of the county
      urgency: {by: parent contacted, yes: routine, no: same day, not recorded: same day}
      ask: act
  source: para 2.11
  owner: named.nurse
  review by: 2027-04-01

- withhold: sexual health of a child is confidential
  event: emergency attendance
  when: {concerns: [emergency contraception, sexual health]}
  about: {age: [under 18, unknown]}
  except: [safeguarding, social care]
  but still: {concerns: [self harm, overdose], tell: [camhs]}
"""


def load(text: str) -> tuple[RuleDocument, Problems]:
    """The document and the problems of one file."""
    problems = Problems()
    return load_rules({FILE: text}, VOCABULARY, problems), problems


def problems_of(text: str) -> list[str]:
    """Everything wrong with one file, without its name."""
    _, problems = load(text)
    return [str(problem).removeprefix(f"{FILE}:") for problem in sorted(problems.found)]


def warnings_of(text: str) -> list[str]:
    """Everything doubtful in one file, without its name."""
    _, problems = load(text)
    return [str(problem).removeprefix(f"{FILE}:") for problem in sorted(problems.warnings)]


def changed(old: str, new: str) -> str:
    """The valid file with its first `old` replaced."""
    if old not in VALID:
        message = f"the valid file has no {old!r}"
        raise AssertionError(message)
    return VALID.replace(old, new, 1)
