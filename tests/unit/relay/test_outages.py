from structlog.testing import capture_logs

from services.relay.outages import Outages
from services.runtime.errors import PermanentError
from services.runtime.kafka import KafkaAway, TopicMissing


def test_many_failures_of_one_cause_are_one_line_and_their_end_another() -> None:
    outages = Outages()
    with capture_logs() as logs:
        for lane in ("a", "b", "a", "b"):
            outages.begins(lane, KafkaAway())
        outages.ends("a")
        outages.ends("b")
        outages.ends("b")

    assert [(line["event"], line["log_level"]) for line in logs] == [
        ("relay_outage_begins", "warning"),
        ("relay_outage_over", "info"),
    ]


def test_each_missing_topic_is_told() -> None:
    outages = Outages()
    with capture_logs() as logs:
        outages.begins("a", TopicMissing(), where="queue.a")
        outages.begins("b", TopicMissing(), where="queue.b")

    assert [line["at_topic"] for line in logs] == ["queue.a", "queue.b"]


def test_what_waiting_cannot_mend_is_an_error() -> None:
    with capture_logs() as logs:
        Outages().begins("a", PermanentError())

    assert [line["log_level"] for line in logs] == ["error"]
