"""How old somebody is on a day, and whether health visiting or school nursing cares for them."""

from datetime import date

from routing_rules.settings import RulebookSettings

ADULT_AGE = 18
_SCHOOL_AGE = 4
_OLDEST = 130


def age_at(date_of_birth: date | None, on: date) -> int | None:
    """Age in whole years; None when unknown, or when the date of birth cannot be true.

    Somebody born on 29 February becomes a year older on 1 March of a common year.
    """
    if date_of_birth is None:
        return None
    had_birthday = (on.month, on.day) >= (date_of_birth.month, date_of_birth.day)
    age = on.year - date_of_birth.year - (0 if had_birthday else 1)
    return age if 0 <= age <= _OLDEST else None


def school_stage(date_of_birth: date | None, on: date, settings: RulebookSettings) -> str:
    """`before school`, `starting school`, `school age`, `adult`, or `unknown`.

    In England a child starts reception on the 1 September after their fourth birthday (that
    birthday falls on 31 August at the latest). From then to the end of the overlap they are
    starting school, and health visiting and school nursing are both told (facts 1.6).
    """
    age = age_at(date_of_birth, on)
    if date_of_birth is None or age is None:
        return "unknown"
    if age >= ADULT_AGE:
        return "adult"
    starts = _school_starts(date_of_birth, settings)
    if on < starts:
        return "before school"
    return "starting school" if on <= _overlap_ends(starts, settings) else "school age"


def _school_starts(date_of_birth: date, settings: RulebookSettings) -> date:
    reception = settings.start_of_school.reception_starts
    birthday = (date_of_birth.month, date_of_birth.day)
    already_four = birthday < (reception.month, reception.day)
    years = _SCHOOL_AGE if already_four else _SCHOOL_AGE + 1
    return date(date_of_birth.year + years, reception.month, reception.day)


def _overlap_ends(starts: date, settings: RulebookSettings) -> date:
    end = settings.start_of_school.both_told_until
    same_year = end > settings.start_of_school.reception_starts
    return date(starts.year + (0 if same_year else 1), end.month, end.day)
