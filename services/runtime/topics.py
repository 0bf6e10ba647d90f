"""The names of topics, as publishers and receiving systems know them, and where a key goes."""

import re
from dataclasses import dataclass
from zlib import crc32

from services.runtime.errors import TopicNameProblem

FAMILIES = (
    "police",
    "emergency",
    "marac",
    "maternity",
    "social-care",
    "community",
    "registration",
)
"""Families of events, each a part of `events` topic names."""

_WORD = "[A-Za-z0-9][A-Za-z0-9-]*"  # Kafka takes a.b and a_b for one name: no underscores
_PRACTICES_SERVICE = "gp"


@dataclass(frozen=True, slots=True)
class Topics:
    """Every topic name under one prefix: `fieldfare`, or what `FIELDFARE_TOPICS__PREFIX` says.

    Builders raise `TopicNameProblem` for a word that Kafka would refuse or that holds a dot, since
    a dot would move a name into another publisher's access list; readers raise it for a topic of
    another form.
    """

    prefix: str

    def events(self, family: str, publisher: str) -> str:
        """Where one publisher's events of one family come in."""
        if family not in FAMILIES:
            raise TopicNameProblem(f"not a family of events: {family!r}")
        return self._named("events", family, publisher)

    def replies(self, publisher: str) -> str:
        """Where a publisher hears what became of its events."""
        return self._named("replies", publisher)

    def queue(self, service: str, organisation: str) -> str:
        """Where an organisation's teams of one service are told; every practice shares one."""
        if service == _PRACTICES_SERVICE:
            return self.gp_practices
        return self._named("queue", service, organisation)

    def receipts(self, organisation: str) -> str:
        """Where an organisation answers."""
        return self._named("receipts", organisation)

    @property
    def gp_practices(self) -> str:
        """The queue that all general practices share, read only by Fieldfare itself."""
        return self._named("queue", _PRACTICES_SERVICE, "practices")

    @property
    def dead_letters(self) -> str:
        """Says what could not be read, and why; never its bytes."""
        return self._named("dead-letters")

    @property
    def checkpoints(self) -> str:
        """Signed statements of the ledger's size and root hash."""
        return self._named("checkpoints")

    @property
    def probes(self) -> str:
        """Where Fieldfare's own probes come out again; nobody else reads it."""
        return self._named("probes")

    @property
    def event_pattern(self) -> str:
        """A regular expression, anchored at both ends, that matches every topic of events."""
        return f"^{re.escape(self.prefix)}\\.events\\.({_WORD})\\.({_WORD})$"

    @property
    def receipt_pattern(self) -> str:
        """A regular expression, anchored at both ends, that matches every topic of receipts."""
        return f"^{re.escape(self.prefix)}\\.receipts\\.({_WORD})$"

    def family_of(self, topic: str) -> str:
        """The family of events that a topic of events carries."""
        return self._event_words(topic)[0]

    def publisher_of(self, topic: str) -> str:
        """The publisher that a topic of events belongs to."""
        return self._event_words(topic)[1]

    def organisation_of(self, topic: str) -> str:
        """The organisation that a topic of receipts belongs to."""
        found = re.fullmatch(self.receipt_pattern, topic)
        if found is None:
            raise TopicNameProblem(f"not a topic of receipts: {topic!r}")
        return found[1]

    def _event_words(self, topic: str) -> tuple[str, str]:
        found = re.fullmatch(self.event_pattern, topic)
        if found is None:
            raise TopicNameProblem(f"not a topic of events: {topic!r}")
        return found[1], found[2]

    def _named(self, *words: str) -> str:
        for word in words:
            if re.fullmatch(_WORD, word) is None:
                raise TopicNameProblem(f"cannot be part of a topic's name: {word!r}")
        return ".".join((self.prefix, *words))


def partition_of(key: str, partitions: int) -> int:
    """The partition, from 0, that a key always goes to: by CRC-32 of its UTF-8 bytes.

    It is ours and not the client library's, so that every client and every release agrees.
    """
    return crc32(key.encode()) % partitions
