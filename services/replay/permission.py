"""Whether a rulebook may issue anything: the one that is live may, another must earn it."""

from collections.abc import Sequence
from datetime import date

from routing_rules.cases import run_cases
from routing_rules.proof_report import prove_all
from routing_rules.rulebook import Rulebook


def may_issue(rulebook: Rulebook, live_hash: str, *, on: date) -> Sequence[str]:
    """Why a rulebook may not issue late notices; nothing if it may.

    The rulebook by which routers decide may. Any other must be without warnings, pass its own
    cases, and have every promise proved, as its directory is on a day. This is the place to ask for
    a signature as well.
    """
    if rulebook.content_hash == live_hash:
        return ()
    reasons = [f"it loads with a warning: {each}" for each in rulebook.warnings]
    report = run_cases(rulebook, rulebook.files)
    if not report.passed:
        reasons.append("its cases do not pass: see `fieldfare rules test`")
    try:
        is_proved = prove_all(rulebook, on).all_proved
    except LookupError:
        is_proved = False
    if not is_proved:
        reasons.append("not every promise is proved: see `fieldfare rules prove`")
    return reasons
