"""Reads a rulebook's calendar: bank holidays, and school terms where it has them."""

import re
from collections.abc import Mapping
from datetime import date
from itertools import pairwise

from routing_rules.reading import read_code, read_date, read_words
from routing_rules.section import read_phrase, read_phrases, section
from routing_rules.source_text import Node, Position, Problems, Scalar, read_yaml
from routing_rules.working_time import Calendar, Term

BANK_HOLIDAYS_FILE = "working_time/bank-holidays.yaml"
TERMS_FILE = "working_time/terms.yaml"

_TERM = re.compile(r"(\S+) to (\S+)")


def load_calendar(files: Mapping[str, str], problems: Problems) -> Calendar:
    """The calendar that the two files state; `files` holds texts by path in the rulebook.

    Bank holidays are required. Without school terms, no day is known to be a school day.
    """
    return Calendar(_bank_holidays(files, problems), _terms(files, problems))


def _bank_holidays(files: Mapping[str, str], problems: Problems) -> Mapping[date, str]:
    holidays: dict[date, str] = {}
    for day_text, node in _top(files, BANK_HOLIDAYS_FILE, "bank holidays", problems):
        day = read_date(day_text, problems)
        name = read_phrase(node, read_words, problems)
        if day is not None and name is not None:
            holidays[day] = name
    return holidays


def _terms(files: Mapping[str, str], problems: Problems) -> Mapping[str, tuple[Term, ...]]:
    if TERMS_FILE not in files:
        return {}
    by_authority: dict[str, tuple[Term, ...]] = {}
    for authority, node in _top(files, TERMS_FILE, "terms", problems):
        read_code(authority, problems)
        terms = read_phrases(node, _read_term, problems)
        if any(two.first <= one.last for one, two in pairwise(terms)):
            problems.add(authority.position, "its terms overlap, or are not in order")
        by_authority[authority.text] = terms
    return by_authority


def _read_term(scalar: Scalar, problems: Problems) -> Term | None:
    found = _TERM.fullmatch(scalar.text)
    if found is None:
        message = f"'{scalar.text}' is not a term; write it as 2026-09-01 to 2026-10-23"
        problems.add(scalar.position, message)
        return None
    first, last = (read_date(Scalar(text, scalar.position), problems) for text in found.groups())
    if first is None or last is None:
        return None
    if last < first:
        problems.add(scalar.position, "the term ends before it begins")
    return Term(first, last)


def _top(
    files: Mapping[str, str], file: str, key: str, problems: Problems
) -> tuple[tuple[Scalar, Node], ...]:
    root = read_yaml(file, files.get(file, ""), problems)
    if root is None:
        problems.add(Position(file), f"no {key} can be read here")
        return ()
    return section(root, (key,), problems).entries(key)
