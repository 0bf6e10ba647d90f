from datetime import date

import pytest

from services.runtime.rulebook_files import open_rulebook
from services.runtime.rulebook_topics import topics_of
from services.runtime.settings import RulebookSettings, TopicSettings

ON = date(2026, 3, 6)


@pytest.mark.parametrize(
    ("topic", "partitions"),
    [
        ("county.events.police.staffordshire-police", 6),
        ("county.replies.staffordshire-police", 1),
        ("county.queue.midwifery.RJF", 2),
        ("county.queue.mash.MASH", 2),
        ("county.queue.gp.practices", 2),
        ("county.receipts.RJF", 6),
        ("county.dead-letters", 1),
        ("county.checkpoints", 1),
        ("county.probes", 1),
    ],
)
def test_every_kind_of_topic_is_named_with_its_partitions(topic: str, partitions: int) -> None:
    rulebook = open_rulebook(RulebookSettings().path)
    settings = TopicSettings(prefix="county", partitions=6, queue_partitions=2)

    assert topics_of(rulebook, settings, ON)[topic] == partitions


def test_practices_have_no_receipts_of_their_own() -> None:
    topics = topics_of(open_rulebook(RulebookSettings().path), TopicSettings(), ON)

    assert "fieldfare.receipts.practices" not in topics


def test_before_the_directory_begins_only_practices_and_who_is_on_call_have_a_queue() -> None:
    rulebook = open_rulebook(RulebookSettings().path)

    topics = topics_of(rulebook, TopicSettings(), date(2001, 1, 1))

    queues = [name for name in topics if ".queue." in name]
    assert queues == ["fieldfare.queue.gp.practices", "fieldfare.queue.social-care.860"]
