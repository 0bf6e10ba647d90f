"""What `explain` answers, typed, as far as its text form needs it."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


class About(_Part):
    """The person a duty is about."""

    ref: str
    role: str
    nhs_number: str | None = None


class Reason(_Part):
    """The rule that asks for a duty, and its own words."""

    rule: str
    why: str


class Duty(_Part):
    """Somebody must be told."""

    service: str
    recipient: str
    kind: str
    about: About | None
    urgency: str
    respond_by: datetime
    asks: tuple[str, ...]
    handling: tuple[str, ...]
    safe_contact: str | None
    instead_of: str | None
    because: str | None
    reasons: tuple[Reason, ...]


class NotTold(_Part):
    """Somebody is not told; without a service, nobody is."""

    about: str
    service: str | None
    because: str
    basis: str | None = None


class Verdict(_Part):
    """What one rule said of one person."""

    rule: str
    about: str
    fired: bool
    because: str


class FieldWarning(_Part):
    """What of the event could not be used."""

    field: str
    reason: str


class Outcome(_Part):
    """Duties, who is not told, and the verdict of every rule."""

    duties: tuple[Duty, ...]
    nobody: tuple[NotTold, ...]
    rules: tuple[Verdict, ...]


class Explanation(_Part):
    """The contract's `explain --json`, for an event that was accepted."""

    warnings: tuple[FieldWarning, ...]
    decision: Outcome
