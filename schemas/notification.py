"""The notification: the message that discharges a duty."""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import AwareDatetime, Field, JsonValue

from schemas.base import Message
from schemas.person import Code, Name, Ref
from schemas.values import Ask, Handling, NotificationKind, Role, Service, Urgency

NOTIFICATION_TYPE = "fieldfare.notification.v1"
ESCALATION_TYPE = "fieldfare.escalation.v1"
"""What a notice of kind `escalate` about duties without an answer stems from."""
DAILY_LIST_TYPE = "fieldfare.daily-list.v1"
"""What a list of the notices of a day stems from; its kind is `escalate` as well."""
GAP_DIGEST_TYPE = "fieldfare.gap-digest.v1"
"""The same, of a week's gaps in what is commissioned."""
NOTICE: Literal["This is a notification, not a referral."] = (
    "This is a notification, not a referral."
)


class EventReference(Message):
    """The event that a notification stems from; for a dead letter, the ledger's entry of it."""

    source: str
    id: str
    type: str
    occurred_at: AwareDatetime


class About(Message):
    """The one person that a notification is about, as far as the recipient may know."""

    ref: Ref
    role: Role
    nhs_number: str | None = None
    name: Name | None = None
    date_of_birth: date | None = None


class Asked(Message):
    """One rule that asked for the notification, and why."""

    rule: str
    why: str


class Basis(Message):
    """On what ground it is shared (domain facts 1.9)."""

    lawful_basis: str
    consent: str


class EscalationCount(Message):
    """How many duties of one team (`recipient`) wait for the same thing."""

    service: Service
    recipient: Code
    unmet: Literal["refused", "not_sent", "not_acknowledged", "not_recorded", "not_done"]
    duties: int


class OnCallPerson(Message):
    """Who is told last, outside MASH."""

    name: str
    role: str


class EscalationContent(Message):
    """The `content` of a notice of kind `escalate` about duties that nobody has answered.

    Counts, and where to look; never whom it is about. `step` is the highest that any of them has
    reached, `oldest_due` when the first of them was due, `late` whether this should have been told
    much earlier, `do` in words what is to be done. `on_call` stands only where the reader is the
    person on call.
    """

    told_as: Literal["lead", "mash", "on call", "out of hours"]
    step: int
    duties: int
    counts: tuple[EscalationCount, ...]
    do: tuple[str, ...]
    oldest_due: AwareDatetime
    late: bool
    link: str
    on_call: OnCallPerson | None = None


class Period(Message):
    """From when until when; UTC."""

    from_: AwareDatetime = Field(alias="from")
    until: AwareDatetime


class ListedNotice(Message):
    """A notice that the reader holds already, by its own id; never whom it is about.

    `is` says whether it is new, changed since it was last listed, or withdrawn; `asks` whether
    something is asked in it.
    """

    notification_id: UUID
    occurred_at: AwareDatetime
    site: Code | None = None
    is_: Literal["new", "changed", "withdrawn"] = Field(alias="is")
    asks: bool


class SiteCount(Message):
    """How many notices stem from one site."""

    site: str
    notices: int


class DailyListContent(Message):
    """The `content` of a daily list (report, para 5.2.8): one every working day, even if empty.

    `notices` counts all; `left_out` how many of them are not among `listed`. `late`: it should
    have been sent much earlier; `no_list_on` are working days of which none was sent.
    """

    list: Literal["children who attended"]
    covers: Period
    notices: int
    says: str
    counts: dict[Literal["new", "changed", "withdrawn"], int]
    sites: tuple[SiteCount, ...]
    listed: tuple[ListedNotice, ...]
    left_out: int
    late: bool
    no_list_on: tuple[date, ...]
    link: str


class GapCount(Message):
    """How many duties one gap led to, for one service and district, and who was told instead."""

    gap: str
    service: Service
    district: str
    told_instead: Code
    duties: int
    still_open: int


class GapDigestContent(Message):
    """The `content` of the weekly digest of gaps in what is commissioned; never about anybody."""

    digest: Literal["gaps in what is commissioned"]
    covers: Period
    duties: int
    says: str
    gaps: tuple[GapCount, ...]
    late: bool


class Notification(Message):
    """What a team is told about one person because of one occurrence, and what it is asked.

    `recipient_sequence` is gap-free for each recipient. `about` is null where a message could not
    be read as an event, so that nobody knows whom it was about, and where the kind is `escalate`:
    somebody has not answered, a source is silent, or it is a list or digest that is made by the
    clock. `asks` is empty where the notice only informs. `respond_by` and all times are UTC.
    """

    notification_id: UUID
    duty_id: UUID
    supersedes: UUID | None = None
    kind: NotificationKind
    service: Service
    recipient: Code
    organisation: Code
    recipient_sequence: int
    event: EventReference
    routed_at: AwareDatetime
    about: About | None = None
    urgency: Urgency
    respond_by: AwareDatetime
    asks: tuple[Ask, ...] = ()
    reasons: tuple[Asked, ...] = ()
    handling: tuple[Handling, ...] = ()
    safe_contact: str | None = None
    instead_of: Service | None = None
    because: str | None = None
    content: dict[str, JsonValue] = Field(default_factory=dict)
    late: bool = False
    basis: Basis
    rulebook: str
    notice: Literal["This is a notification, not a referral."] = NOTICE
