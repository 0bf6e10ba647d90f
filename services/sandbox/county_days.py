"""The synthetic county at its own pace: days as they pass, with nobody waiting for them."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from services.sandbox.county import County, CountyMessage
from services.sandbox.county_hours import next_contact

_A_MOMENT = timedelta(seconds=2)


def as_days_pass(county: County, begun: datetime) -> Iterator[tuple[datetime, CountyMessage]]:
    """Every message with the time (UTC) at which it is published, for ever.

    What comes in at a real county's rate comes in at that rate; updates, registrations and what
    was held up come between.
    """
    chance = Random(f"{county.seed}/days")
    now, contact = begun, next_contact(begun, chance)
    while True:
        waiting = county.waits_until()
        if waiting is not None and waiting <= contact:
            now = max(now + _A_MOMENT, waiting)
        else:
            now = max(now + _A_MOMENT, contact)
            contact = next_contact(contact, chance)
        yield now, county.next_message(now)
