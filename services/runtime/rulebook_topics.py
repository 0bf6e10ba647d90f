"""Which topics a rulebook needs: those of its sources, and of those whom its directory names."""

from collections.abc import Mapping
from datetime import date

from routing_rules.directory import PRACTICES
from routing_rules.rulebook import Rulebook
from services.runtime.settings import TopicSettings
from services.runtime.topics import Topics

_IN_ORDER = 1


def topics_of(rulebook: Rulebook, settings: TopicSettings, on: date) -> Mapping[str, int]:
    """Every topic with its number of partitions, sorted by name.

    Events and replies of each publisher, queues and receipts of each organisation that can be told
    on that day (in London), dead letters, checkpoints and probes. Practices have one queue and no
    receipts of their own: Fieldfare itself delivers to them. Raises `TopicNameProblem` for a name
    in the rulebook that cannot be a topic's.
    """
    topics = Topics(settings.prefix)
    own = (topics.dead_letters, topics.checkpoints, topics.probes)
    wanted = dict.fromkeys(own, _IN_ORDER)
    for source in rulebook.settings.sources:
        wanted[topics.events(source.family.value, source.publisher)] = settings.partitions
        wanted[topics.replies(source.publisher)] = _IN_ORDER
    on_call = rulebook.escalation.on_call.team
    queues = {*rulebook.directory.queues(on), (on_call.service, on_call.organisation)}
    for service, organisation in queues:
        wanted[topics.queue(service.value, organisation)] = settings.queue_partitions
        if organisation != PRACTICES:
            wanted[topics.receipts(organisation)] = settings.partitions
    return dict(sorted(wanted.items()))
