"""The mix that every benchmark routes: a seeded synthetic county, mistakes included."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from services.sandbox.county import County, CountyMessage
from services.sandbox.county_places import places_of
from tests.builders import staffordshire

START = datetime(2026, 3, 6, 12, tzinfo=UTC)


def county_messages(count: int, *, seed: int = 1) -> list[CountyMessage]:
    """So many messages, one a second from a Friday noon."""
    county = County(places_of(staffordshire(), START.date()), seed)
    return [county.next_message(START + timedelta(seconds=n)) for n in range(count)]


def mix_in_words(messages: Sequence[CountyMessage]) -> str:
    """What is in it: families, and how many have a mistake."""
    families = Counter(message.family for message in messages)
    mistakes = sum(message.mistake is not None for message in messages)
    parts = [f"{count} {family}" for family, count in families.most_common()]
    return f"{', '.join(parts)}; {mistakes} of them with a mistake made on purpose"
