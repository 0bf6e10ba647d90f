"""Whether somebody who was sent on has arrived (report, para 1.27): confirmed, awaited or overdue.

An attendance that names the referral confirms it, or one of that patient at the site to which
they were sent, not before and not too long after. What cannot be told is not confirmed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from routing_rules.event_fields import ARRIVALS
from routing_rules.humans import usable_nhs_number
from routing_rules.known import Attendance, Known, SentOn
from routing_rules.register_people import is_theirs
from routing_rules.settings import OnwardArrival, RulebookSettings
from schemas.onward_referral import OnwardReferral

CONFIRMED, AWAITED, NOT_CONFIRMED, STILL_NOT_CONFIRMED = ARRIVALS
ARRIVED = "the person has arrived where they were sent"


@dataclass(frozen=True, slots=True)
class Wait:
    """Waiting for an arrival: until when, until when at most, and whether it is known of."""

    until: datetime
    at_most_until: datetime
    is_over: bool

    def state(self, at: datetime) -> str:
        """How it stands at a time (aware), in the words of rules."""
        if self.is_over:
            return CONFIRMED
        if at < self.until:
            return AWAITED
        return NOT_CONFIRMED if at < self.at_most_until else STILL_NOT_CONFIRMED

    def look_again_at(self, state: str) -> datetime | None:
        """When time alone changes this state."""
        return {AWAITED: self.until, NOT_CONFIRMED: self.at_most_until}.get(state)

    def clocks(
        self, state: str, published_at: datetime, publications: Iterable[datetime]
    ) -> tuple[datetime, tuple[datetime, ...]]:
        """When clocks start and at which times teams must be open; what is overdue starts its own.

        An event that was published only afterwards counts as well.
        """
        since = {NOT_CONFIRMED: self.until, STILL_NOT_CONFIRMED: self.at_most_until}.get(state)
        if since is None:
            return published_at, tuple(publications)
        return max(since, published_at), (since, *(each for each in publications if each > since))


def wait_for_arrival(
    data: OnwardReferral, sent_at: datetime, known: Known, settings: RulebookSettings
) -> Wait:
    """The wait for whom `data` tells of; `sent_at` is when the referral occurred (aware)."""
    lengths = settings.onward_arrival
    latest = sent_at + lengths.at_the_latest_after
    until = min(data.expected_by or sent_at + lengths.overdue_after, latest)
    return Wait(
        until=until,
        at_most_until=until + lengths.still_overdue_after,
        is_over=_has_arrived(data, sent_at, known, lengths),
    )


def may_be_arrival(sent: SentOn, attendances: Iterable[Attendance]) -> bool:
    """Whether any of them may be the arrival of somebody who was sent on, whenever it was."""
    return any(_is_named(row, sent.referral_id) or _is_at(row, sent.to_site) for row in attendances)


def _has_arrived(
    data: OnwardReferral, sent_at: datetime, known: Known, lengths: OnwardArrival
) -> bool:
    until = sent_at + lengths.at_the_latest_after
    return any(
        _is_named(row, data.referral_id)
        or (_is_at(row, data.to_site) and sent_at <= row.arrived_at <= until)
        for row in _attendances_of(data, known)
        if row.happened
    )


def _attendances_of(data: OnwardReferral, known: Known) -> Iterable[Attendance]:
    """Those of the patient, with a number that was checked or with the same birth date."""
    patient = data.patient
    number = patient.nhs_number
    if number is None:
        return ()
    checked = usable_nhs_number(patient) is not None
    born = patient.date_of_birth
    return (
        row
        for row in known.attendances.get(number, ())
        if is_theirs(known, number, row)
        and (checked or (born is not None and born == row.date_of_birth))
    )


def _is_named(row: Attendance, referral_id: str | None) -> bool:
    return referral_id is not None and row.arrived_referral_id == referral_id


def _is_at(row: Attendance, site: str | None) -> bool:
    return site is not None and row.site == site
