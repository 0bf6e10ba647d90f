"""When things happen in the synthetic county, by hour and weekday, as data.

A real safeguarding desk of such a county counted 126 contacts a day. The profiles are made up to
be plausible: police are called in the evening and at weekends, departments are busiest from late
morning on, conferences and registers keep office hours.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from services.sandbox.county_community import community
from services.sandbox.county_emergency import attendance
from services.sandbox.county_incidents import incident
from services.sandbox.county_marac import marac_outcome
from services.sandbox.county_maternity import in_pregnancy
from services.sandbox.county_onward import onward_referral
from services.sandbox.county_places import Places
from services.sandbox.county_register import change_of_practice
from services.sandbox.county_reports import Report, Scene
from services.sandbox.county_social_care import social_care

CONTACTS_A_DAY = 126
Happening = Callable[[Places, Scene], Report | None]
"""None where it cannot happen to that household."""
_LONDON = ZoneInfo("Europe/London")
_OFFICE = (0,) * 9 + (4, 6, 6, 3, 4, 6, 5, 4) + (0,) * 7
_DEPARTMENT = (4, 3, 3, 2, 2, 2, 3, 5, 7, 9, 11, 12, 12, 11, 11, 11, 12, 12, 13, 12, 11, 9, 7, 5)
_POLICE = (9, 8, 6, 4, 3, 2, 2, 3, 4, 5, 5, 5, 6, 6, 6, 7, 8, 9, 10, 11, 12, 13, 13, 11)


@dataclass(frozen=True, slots=True)
class Profile:
    """How often of a hundred times something happens, and its weights by hour and weekday.

    Hours are those in London; the week begins on Monday. Only the proportions matter.
    """

    share: int
    by_hour: Sequence[int]
    by_weekday: Sequence[int]

    def weight(self, at: datetime) -> float:
        """How often it happens in this hour; over a whole week the mean is the share."""
        local = at.astimezone(_LONDON)
        hour = self.by_hour[local.hour] * 24 / sum(self.by_hour)
        return self.share * hour * self.by_weekday[local.weekday()] * 7 / sum(self.by_weekday)


PROFILES: dict[Happening, Profile] = {
    attendance: Profile(40, _DEPARTMENT, (11, 10, 10, 10, 10, 10, 11)),
    incident: Profile(24, _POLICE, (9, 9, 9, 9, 11, 14, 14)),
    marac_outcome: Profile(4, _OFFICE, (0, 4, 4, 4, 0, 0, 0)),
    change_of_practice: Profile(3, _OFFICE, (5, 5, 5, 5, 5, 0, 0)),
    in_pregnancy: Profile(9, _OFFICE, (5, 5, 5, 5, 5, 0, 0)),
    social_care: Profile(8, _OFFICE, (5, 5, 5, 5, 5, 0, 0)),
    community: Profile(9, _OFFICE, (5, 5, 5, 5, 5, 0, 0)),
    onward_referral: Profile(3, _DEPARTMENT, (10, 10, 10, 10, 10, 10, 10)),
}
"""What happens, how often and when."""
_BUSIEST = sum(
    p.share * max(p.by_hour) * 24 / sum(p.by_hour) * max(p.by_weekday) * 7 / sum(p.by_weekday)
    for p in PROFILES.values()
)


def drawn_happening(at: datetime, chance: Random) -> Happening:
    """What happens at this time of the week."""
    weights = [profile.weight(at) for profile in PROFILES.values()]
    return chance.choices(tuple(PROFILES), weights)[0]


def next_contact(after: datetime, chance: Random) -> datetime:
    """When something happens next: 126 times a day, more often in busy hours."""
    at = after
    while True:
        at += timedelta(days=chance.expovariate(CONTACTS_A_DAY * _BUSIEST / 100))
        if chance.random() * _BUSIEST < sum(p.weight(at) for p in PROFILES.values()):
            return at
