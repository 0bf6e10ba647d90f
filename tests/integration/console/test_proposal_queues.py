"""Countersigning makes the queues that a version needs, or it does not go live."""

from functools import cache

import pytest
from aiokafka.admin import AIOKafkaAdminClient

from routing_rules.rulebook import Rulebook, load_rulebook
from services.runtime.kafka import connection_arguments
from services.runtime.settings import KafkaSettings, Settings, TopicSettings
from tests.builders import rulebook_files
from tests.integration.console.office import Office
from tests.small_rulebook import small_rulebook

_OLD = "RYW:school-nursing:E07000192,school-nursing,E07000192,"
_NEW = "RXY:school-nursing:E07000192,school-nursing,E07000192,"


@cache
def with_a_new_trust() -> Rulebook:
    """From now on the school nurses of Cannock Chase are those of a trust that had no queue."""
    files = rulebook_files("staffordshire")
    lines = files["directory/teams.csv"].splitlines()
    [line] = [each for each in lines if each.startswith(_OLD)]
    changed = line.replace(_OLD, _NEW).replace(",RYW,", ",RXY,")
    directory = {
        "directory/teams.csv": "\n".join([changed if each == line else each for each in lines]),
        "directory/organisations.csv": files["directory/organisations.csv"] + "RXY,Ashby Trust\n",
    }
    return load_rulebook({**small_rulebook().files, **directory})


def connected(office: Office, servers: str | None, prefix: str) -> Settings:
    """The console as if it had been started with this Kafka."""
    rules = office.reception.console.rules
    kafka, topics = KafkaSettings(bootstrap_servers=servers), TopicSettings(prefix=prefix)
    rules.settings = rules.settings.model_copy(update={"kafka": kafka, "topics": topics})
    return rules.settings


async def topics_in(settings: Settings) -> set[str]:
    admin = AIOKafkaAdminClient(**connection_arguments(settings.kafka))
    await admin.start()
    try:
        return set(await admin.list_topics())
    finally:
        await admin.close()


async def test_countersigning_makes_the_queues_of_a_new_team(
    office: Office, kafka_servers: str, fresh_prefix: str
) -> None:
    settings = connected(office, kafka_servers, fresh_prefix)
    queues = {f"{fresh_prefix}.queue.school-nursing.RXY", f"{fresh_prefix}.receipts.RXY"}
    proposed = await office.propose(with_a_new_trust())
    await office.sign("rosa", proposed)
    assert not queues & await topics_in(settings)

    await office.sign("owen", proposed, "countersign")

    assert queues <= await topics_in(settings)
    assert await office.live() == proposed


@pytest.mark.parametrize(
    ("address", "because"),
    [
        ("127.0.0.1:1", "its queues could not be made"),
        (None, "it needs a queue that is not there yet"),
    ],
)
async def test_what_would_tell_nobody_for_want_of_a_queue_does_not_go_live(
    office: Office, fresh_prefix: str, address: str | None, because: str
) -> None:
    connected(office, address, fresh_prefix)
    proposed = await office.propose(with_a_new_trust())
    await office.sign("rosa", proposed)

    owen = await office.sign("owen", proposed, "countersign")

    assert owen.last.status_code == 409
    assert because in owen.words
    assert await office.live() == small_rulebook().content_hash
