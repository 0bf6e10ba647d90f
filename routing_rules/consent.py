"""Consent: what is shared with it, without it for a recorded reason, and not at all (para 2.7)."""

from schemas.community import RelapsePlan
from schemas.events import AnyEventData
from schemas.values import Consent

NOT_SHAREABLE = "there is no consent to share it, and no reason is recorded to share it without"
_OVERRIDDEN = "overridden"


def is_shareable(plan: RelapsePlan) -> bool:
    """Whether a relapse plan may be told.

    With consent, with a recorded reason without it, or where to ask for it would have been unsafe.
    """
    if plan.consent in (Consent.GIVEN, Consent.NOT_SOUGHT_UNSAFE):
        return True
    return plan.override_reason is not None


def rests_on(data: AnyEventData) -> str | None:
    """How consent stands where sharing rests on it, as it travels and is stored; else None."""
    if not isinstance(data, RelapsePlan):
        return None
    overridden = data.override_reason is not None and data.consent is not Consent.GIVEN
    return f"{data.consent}_{_OVERRIDDEN}" if overridden else data.consent.value


def may_not_be_shared(data: AnyEventData) -> bool:
    """Whether nothing of it may be told to others."""
    return isinstance(data, RelapsePlan) and not is_shareable(data)
