"""Whether two rulebooks say the same of a kind of event, so that nothing has to be compared.

Most changes are of one file, and most kinds of events are not in it.
"""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass

from routing_rules.document import Rule, Withhold
from routing_rules.rulebook import Rulebook
from routing_rules.vocabulary import EventVocabulary

_BESIDE = frozenset({"name", "why", "sources", "owner", "review_by", "position"})
"""What a block says about itself, and where it stands: nobody is told otherwise for it."""


def say_the_same(old: Rulebook, new: Rulebook, event: EventVocabulary) -> bool:
    """Whether they do, word for word. If not, they may still mean the same."""
    return (
        old.vocabulary.get(event.phrase) == event
        and old.settings == new.settings
        and old.disclosure == new.disclosure
        and old.directory == new.directory
        and [*_said_of(event, old)] == [*_said_of(event, new)]
    )


def _said_of(event: EventVocabulary, rulebook: Rulebook) -> Iterator[object]:
    blocks: list[Rule | Withhold] = [*rulebook.document.rules, *rulebook.document.withholds]
    for block in blocks:
        if block.event is event.type:
            yield _said(block)


def _said(part: object) -> object:
    """A block, or a part of one, without what stands beside."""
    if isinstance(part, tuple):
        return [_said(each) for each in part]
    if is_dataclass(part):
        names = (each.name for each in fields(part))
        return [_said(getattr(part, name)) for name in names if name not in _BESIDE]
    return part
