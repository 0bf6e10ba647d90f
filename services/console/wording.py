"""How codes, times and counts are worded on pages; every page uses these and no others."""

import re
from datetime import date, datetime, timedelta

from routing_rules.working_time import LONDON
from schemas.values import Service

_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
_ORGANISATION = re.compile(r"r[a-z0-9]{2}|ed|miu")
_CAPITALS = {"mash": "MASH", "gp": "GP", "camhs": "CAMHS", "marac": "MARAC", "nhs": "NHS"}
CAUSES = {
    "source_silent": "Source silent",
    "source_gap": "Gap in a source",
    "dead_letter": "Could not be read",
    "no_rule": "No rule",
    "not_ours": "Returned as not ours",
    "person_not_identified": "Person not identified",
    "commissioning_gap": "Not commissioned",
    "no_recipient": "No recipient",
    "refused": "Refused by the team",
    "not_sent": "Not sent",
    "replayed": "Told after a replay",
    "learned_later": "Learned later",
    "late": "Told late",
    "not_acknowledged": "Not acknowledged",
    "not_recorded": "Not recorded",
    "not_done": "Not done",
}
DISTRICTS = {
    "E07000192": "Cannock Chase",
    "E07000193": "East Staffordshire",
    "E07000194": "Lichfield",
    "E07000195": "Newcastle-under-Lyme",
    "E07000196": "South Staffordshire",
    "E07000197": "Stafford",
    "E07000198": "Staffordshire Moorlands",
    "E07000199": "Tamworth",
    "E06000021": "Stoke-on-Trent",
}
HANDLING = {
    "hide_from_online_access": "Hide from online access: the person's record may be read by others",
    "do_not_copy": "Do not copy or pass on",
    "no_address": "The address is withheld: do not look for it or write it down",
    "perpetrator_shares_practice": "The alleged perpetrator is registered at the same practice",
    "other_parent_may_have_access": "The other parent may have access to this child's record",
    "confidential": "Confidential: tell only those who act on it",
}


def plain(code: str) -> str:
    """A code of a closed set in plain words: `next_working_day` is `next working day`."""
    words = str(code).replace("_", " ").replace("-", " ").split(" ")
    return " ".join(_CAPITALS.get(word, word) for word in words if word)


def sentence(code: str) -> str:
    """The same with a capital at its beginning."""
    words = plain(code)
    return words[:1].upper() + words[1:]


def event_words(event_type: str | None) -> str:
    """A CloudEvents type in plain words: `fieldfare.police.domestic-abuse.v1` is what happened."""
    if event_type is None:
        return "Could not be read"
    return sentence(" ".join(event_type.split(".")[1:-1]))


def publisher(source: str | None) -> str:
    """A source by its publisher: the last part of its URN, in words."""
    if source is None:
        return ""
    words = source.rpartition(":")[2].split("-")
    spelt = [word.upper() if _ORGANISATION.fullmatch(word) else word for word in words]
    return sentence(" ".join(spelt))


def cause_words(cause: str) -> str:
    """A cause as it is shown."""
    return CAUSES[cause]


def district_name(code: str | None) -> str:
    """A district by its name, or its code where we know no name."""
    return "Not known" if code is None else DISTRICTS.get(code, code)


def handling_words(code: str) -> str:
    """What a handling flag asks of its reader."""
    return HANDLING.get(code, sentence(code))


def london(at: datetime | str | None) -> str:
    """A moment by the clock in London: `Sat 7 March 2026, 02:10`."""
    local = _local(at)
    return "" if local is None else f"{local:%a} {local.day} {local:%B %Y}, {_time(local)}"


def short(at: datetime | str | None) -> str:
    """The same for a table: `Sat 7 Mar 02:10`."""
    local = _local(at)
    return "" if local is None else f"{local:%a} {local.day} {local:%b} {_time(local)}"


def clock(at: datetime) -> str:
    """A moment to the second, for what moves: `Sat 7 Mar 02:10:05`."""
    local = at.astimezone(LONDON)
    return f"{local:%a} {local.day} {local:%b} {_time(local, '%H:%M:%S')}"


def day_of(at: datetime) -> str:
    """On which day in London a moment is: `7 March 2026`."""
    return day(at.astimezone(LONDON).date().isoformat())


def day(date_text: str | None) -> str:
    """A day as it is stored (`2019-04-11`) as people write it: `11 April 2019`."""
    if not date_text:
        return "Not known"
    try:
        found = date.fromisoformat(date_text)
    except ValueError:
        return date_text
    return f"{found.day} {found:%B %Y}"


def exactly(at: datetime) -> str:
    """A moment for machines, as `<time datetime>` wants it."""
    return at.isoformat()


def age(length: timedelta) -> str:
    """How long something has been so: `40 minutes`, `5 hours`, `3 days`."""
    if length < _HOUR:
        return counted(max(length, timedelta()) // timedelta(minutes=1), "minute")
    if length < 2 * _DAY:
        return counted(length // _HOUR, "hour")
    return counted(length // _DAY, "day")


def due_words(due: datetime, now: datetime) -> str:
    """How long there is, or for how long it has been overdue."""
    return f"overdue by {age(now - due)}" if due <= now else f"due in {age(due - now)}"


def counted(number: int, thing: str, plural: str | None = None) -> str:
    """`1 event`, `2 events`, `1,200 duties`."""
    if number == 1:
        return f"1 {thing}"
    return f"{number:,} {plural or _many(thing)}"


def _many(thing: str) -> str:
    """`duties`, but `days` and `boys`: a vowel before the y keeps it."""
    is_changed = thing.endswith("y") and thing[-2:-1] not in "aeiou"
    return f"{thing[:-1]}ies" if is_changed else f"{thing}s"


def spaced_nhs_number(number: str | None) -> str:
    """An NHS number as people read it out: three, three and four digits."""
    if number is None or len(number) != 10:
        return number or "Not known"
    return f"{number[:3]} {number[3:6]} {number[6:]}"


def service_choices() -> list[tuple[str, str]]:
    """Every service with its name, for a list to choose from."""
    return [(service.value, sentence(service.value)) for service in Service]


def _time(local: datetime, how: str = "%H:%M") -> str:
    """The time by the clock; with its zone where the clock shows the same hour twice."""
    is_twice = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
    return local.strftime(f"{how} %Z" if is_twice else how)


def _local(at: datetime | str | None) -> datetime | None:
    moment = datetime.fromisoformat(at) if isinstance(at, str) else at
    return None if moment is None else moment.astimezone(LONDON)
