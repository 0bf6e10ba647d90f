import re

import pytest

from services.runtime.errors import TopicNameProblem
from services.runtime.topics import FAMILIES, Topics, partition_of

_TOPICS = Topics("fieldfare")


def test_names_are_those_of_the_contract() -> None:
    assert _TOPICS.events("police", "staffordshire-police") == (
        "fieldfare.events.police.staffordshire-police"
    )
    assert _TOPICS.replies("staffordshire-police") == "fieldfare.replies.staffordshire-police"
    assert _TOPICS.queue("midwifery", "RJF") == "fieldfare.queue.midwifery.RJF"
    assert _TOPICS.receipts("RJF") == "fieldfare.receipts.RJF"
    assert _TOPICS.dead_letters == "fieldfare.dead-letters"
    assert _TOPICS.checkpoints == "fieldfare.checkpoints"


def test_practices_share_one_queue() -> None:
    assert _TOPICS.queue("gp", "Y90001") == _TOPICS.gp_practices == "fieldfare.queue.gp.practices"


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("prefix", ["fieldfare", "one.two-three"])
def test_a_topic_of_events_tells_its_family_and_publisher(family: str, prefix: str) -> None:
    topics = Topics(prefix)
    topic = topics.events(family, "rjf-queens")

    assert re.match(topics.event_pattern, topic)
    assert topics.family_of(topic) == family
    assert topics.publisher_of(topic) == "rjf-queens"


def test_a_topic_of_receipts_tells_its_organisation() -> None:
    topic = _TOPICS.receipts("RJF")

    assert re.match(_TOPICS.receipt_pattern, topic)
    assert _TOPICS.organisation_of(topic) == "RJF"


@pytest.mark.parametrize(
    "topic",
    [
        "fieldfare.events.police",
        "fieldfare.events.police.a.b",
        "fieldfare.queue.police.a",
        "fieldfareXevents.police.a",
        "another.events.police.a",
        "another.fieldfare.events.police.a",
    ],
)
def test_a_topic_of_another_form_is_not_ours(topic: str) -> None:
    assert re.match(_TOPICS.event_pattern, topic) is None
    with pytest.raises(TopicNameProblem):
        _TOPICS.publisher_of(topic)
    with pytest.raises(TopicNameProblem):
        _TOPICS.organisation_of(topic)


@pytest.mark.parametrize("word", ["", "a.b", "a b", "a_b", "ä", "-a", "a\n"])
def test_a_word_that_could_reach_into_another_name_is_refused(word: str) -> None:
    with pytest.raises(TopicNameProblem):
        _TOPICS.replies(word)
    with pytest.raises(TopicNameProblem):
        _TOPICS.queue("midwifery", word)


def test_an_unknown_family_is_refused() -> None:
    with pytest.raises(TopicNameProblem):
        _TOPICS.events("polise", "a")


def test_a_key_keeps_its_partition_from_release_to_release() -> None:
    keys = ["RJF:midwifery", "Y90001", "é"]

    assert [partition_of(key, 4) for key in keys] == [0, 3, 2]
    assert {partition_of(key, 1) for key in keys} == {0}
