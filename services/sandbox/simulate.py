"""Publishes the synthetic county through Kafka, as any provider would."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from itertools import count

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError
from aiokafka.structs import RecordMetadata

from routing_rules.rulebook import Rulebook
from services.runtime.clock import Clock
from services.runtime.kafka import KafkaAway, close_producer, connection_arguments
from services.runtime.settings import Settings
from services.runtime.topics import Topics
from services.sandbox.county import County, CountyMessage
from services.sandbox.county_places import Places, places_of
from services.sandbox.problem import SandboxProblem
from services.sandbox.simulate_sequences import last_sequences

_HEADERS = [("content-type", b"application/cloudevents+json")]
_MOST_UNDER_WAY = 500
_LEISURELY = 20.0
"""Events a second up to which each is waited for."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be simulated: events a second, how many (None: for ever), and which county."""

    rate: float = 1.0
    events: int | None = None
    seed: int = 1


@dataclass(slots=True)
class _Feed:
    """Hands messages to Kafka, and waits for it when many are under way."""

    producer: AIOKafkaProducer
    topics: Mapping[str, str]
    most_under_way: int
    _under_way: list[asyncio.Future[RecordMetadata]] = field(default_factory=list)

    async def send(self, message: CountyMessage) -> None:
        sent = await self.producer.send(
            self.topics[message.publisher],
            message.body,
            key=message.key.encode(),
            headers=_HEADERS,
        )
        self._under_way.append(sent)
        if len(self._under_way) >= self.most_under_way:
            await self.arrive()

    async def arrive(self) -> None:
        await asyncio.gather(*self._under_way)
        self._under_way.clear()


async def simulate(
    settings: Settings,
    clock: Clock,
    *,
    rulebook: Rulebook,
    asked: Asked,
    told: Callable[[CountyMessage], None],
) -> None:
    """Publishes the county's messages at an even pace; when it returns, Kafka has all of them.

    Each publisher goes on counting where its topic ends, so a restart leaves no gap and repeats no
    id. `told` hears of each message that was handed to Kafka. Raises `SandboxProblem` for a
    rulebook that lacks what a county needs, `TopicMissing`, and `KafkaAway`.
    """
    places = _places(rulebook, clock)
    topics = _topics(places, Topics(settings.topics.prefix))
    sequences = await last_sequences(settings.kafka, topics)
    county = County(places, asked.seed, sequences)
    producer = AIOKafkaProducer(**connection_arguments(settings.kafka), enable_idempotence=True)
    feed = _Feed(producer, topics, 1 if asked.rate <= _LEISURELY else _MOST_UNDER_WAY)
    try:
        await producer.start()
        async for _ in _ticks(asked, county):
            message = county.next_message(clock.now())
            await feed.send(message)
            told(message)
        await feed.arrive()
    except (KafkaError, OSError) as error:
        raise KafkaAway("Kafka does not answer") from error
    finally:
        await close_producer(producer)


def _places(rulebook: Rulebook, clock: Clock) -> Places:
    try:
        return places_of(rulebook, clock.now().date())
    except LookupError as error:
        raise SandboxProblem(f"no county can be simulated: {error}") from error


async def _ticks(asked: Asked, county: County) -> AsyncIterator[None]:
    """One tick an event, evenly; what is late is caught up with.

    What the register knew before anything happened comes first, and without waiting.
    """
    loop = asyncio.get_running_loop()
    due = loop.time()
    for _ in count() if asked.events is None else range(asked.events):
        if not county.is_opening:
            await asyncio.sleep(max(0.0, due - loop.time()))
            due += 1 / asked.rate
        yield


def _topics(places: Places, topics: Topics) -> dict[str, str]:
    """The topic of every publisher of the county."""
    return {each: topics.events(family, each) for each, family in places.topics().items()}
