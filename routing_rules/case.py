"""A case: one occurrence as the ledger knows it, and what one more event makes of it.

The router and `rules explain` both come through here, so what is explained is what is done.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from routing_rules.decision import Decision, Json, OwedDuty
from routing_rules.identifying import Identification
from routing_rules.known import Firing
from routing_rules.returns import Return
from schemas.events import AnyEventData, Event
from schemas.values import DutyState, NotificationKind, Service, Urgency


@dataclass(frozen=True, slots=True)
class HeldDuty:
    """A duty that the ledger holds for an occurrence, with what was last told about it.

    `about` is the notification's `about`. `notification_id` is of the last revision. `is_ended`:
    all that it asks was answered, or it was withdrawn or closed; nobody is to be chased for it.
    `is_issued`: a named person has had it issued after a replay, by another rulebook perhaps.
    """

    duty_id: UUID
    person_key: str
    service: Service
    recipient: str
    organisation: str
    kind: NotificationKind
    instead_of: Service | None
    episode: int
    revision: int
    fingerprint: bytes
    notification_id: UUID
    state: DutyState
    urgency: Urgency
    respond_by: datetime
    about: Mapping[str, Json] | None
    is_ended: bool
    is_issued: bool = False


@dataclass(frozen=True, slots=True)
class Case:
    """One occurrence: its events so far, the fixed keys of its people, the duties held.

    `returns` are what recipients said was not theirs, `identified` who was traced by somebody; both
    in the order in which they were told.
    """

    occurrence_id: UUID
    events: tuple[Event, ...] = ()
    person_keys: Mapping[str, str] | None = None
    duties: tuple[HeldDuty, ...] = ()
    returns: tuple[Return, ...] = ()
    identified: tuple[Identification, ...] = ()


@dataclass(frozen=True, slots=True)
class DutyChange:
    """One change of one duty: owed (revision 1), updated, or withdrawn.

    `held` is the duty as it stands afterwards. `notification` is the whole body that goes to
    the recipient's queue but for `recipient_sequence`, which the relay adds. `owed` is None for
    a withdrawal.
    """

    held: HeldDuty
    owed: OwedDuty | None
    late: bool
    why: str
    notification: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one event changed: the decision, the facts it used (as JSON), and the changes.

    `data` is the occurrence as its events now tell it. `firings` are those of rules that fire once
    in a while. `look_again_at` is when time alone may change the decision. `leaves_out`: something
    that stood before is not owed any more, so that what is withdrawn may rest on more than `facts`.
    `footing` is what alone says who is told, as JSON: see `routing_rules.footing`.
    """

    decision: Decision
    facts: Mapping[str, Json]
    changes: tuple[DutyChange, ...]
    occurrence_key: str
    occurred_at: datetime
    is_cancelled: bool
    data: AnyEventData
    firings: tuple[Firing, ...] = ()
    look_again_at: datetime | None = None
    leaves_out: bool = False
    footing: Mapping[str, Json] | None = None
