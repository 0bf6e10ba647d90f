"""Every event of a county's run accounted for, in sums that anybody can check."""

from collections import Counter
from collections.abc import Iterable

from schemas.values import DutyState, NotificationKind
from tests.rules.county_run import ENDS, Run, is_spoken_of


def account_of(run: Run, problems: Iterable[str] = ()) -> dict[str, int]:
    """What came in, what is owed, of whom nobody is told, and what the truth says besides."""
    held = [duty for case in run.casebook.cases.values() for duty in case.duties]
    standing = [duty for duty in held if duty.state is not DutyState.WITHDRAWN]
    kinds = Counter(duty.kind for duty in standing)
    return {
        **{end: run.count[end] for end in ("messages", *ENDS)},
        "occurrences": len(run.casebook.cases),
        "duties": len(held),
        "notices": kinds[NotificationKind.NOTIFY],
        "exceptions": kinds[NotificationKind.EXCEPTION],
        "withdrawn": len(held) - len(standing),
        "dead letter duties": len(run.dead_letter_duties),
        "compared": sum(is_spoken_of(duty, run.truth) for duty in standing),
        "truth": sum(len(one.standing) for one in run.truth.occurrences.values()),
        **_people(run),
        "differences": len(tuple(problems)),
    }


def nobody_because(run: Run) -> Counter[str]:
    """How often each reason stands why nobody, or not every service, is told about somebody."""
    return Counter(because for spoken in run.latest.values() for because in spoken.because)


def _people(run: Run) -> dict[str, int]:
    """People of occurrences as last decided: told about, or nobody is told and it says why."""
    count = Counter(dict.fromkeys(("people", "told about", "nobody is told", "no word"), 0))
    for spoken in run.latest.values():
        count["people"] += len(spoken.present)
        count["told about"] += len(spoken.told_about)
        count["nobody is told"] += len(spoken.reasons)
        count["no word"] += len(spoken.present - spoken.told_about - spoken.reasons)
    return dict(count)


def in_words(account: dict[str, int]) -> str:
    """The sums, a line each, with what they consist of."""
    ended = "{decided} decided + {registered} registered + {repeated} repeated"
    known = "{told about} told about + {nobody is told} of whom nobody is + {no word} forgotten"
    lines = (
        f"{{messages}} messages = {ended} + {{dead letters}} dead letters",
        "{dead letter duties} duties of MASH and its out-of-hours contact about dead letters",
        f"{{occurrences}} occurrences with {{people}} people = {known}",
        "{duties} duties = {notices} notices + {exceptions} exceptions + {withdrawn} withdrawn",
        "{compared} of those that stand are of services that the truth speaks of: it says {truth}",
        "{differences} differences",
    )
    return "\n".join(line.format_map(account) for line in lines)
