"""Onward referrals: somebody is sent from one site to another, and must arrive there."""

from pydantic import Field

from schemas.base import Moment
from schemas.event_data import EventData
from schemas.person import Code, Person
from schemas.values import EventStatus, ReferredFor


class OnwardReferral(EventData):
    """A patient who was sent on (report, para 1.27). The occurrence is `referral_id`.

    An attendance that names it, or of that patient at `to_site`, confirms the arrival.
    """

    referral_id: Code | None = None
    status: EventStatus = EventStatus.NEW
    attendance_id: Code | None = None
    from_site: Code | None = None
    to_site: Code | None = None
    for_: ReferredFor = Field(ReferredFor.UNKNOWN, alias="for")
    referred_at: Moment | None = None
    expected_by: Moment | None = None
    patient: Person
    people: tuple[Person, ...] = ()
