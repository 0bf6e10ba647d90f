"""Writes typed rules as the YAML that a rule owner would write: the loader's counterpart."""

from collections.abc import Iterable, Mapping

import yaml

from routing_rules.document import (
    ButStill,
    Condition,
    Rule,
    RuleDocument,
    Tell,
    UrgencyByField,
    Withhold,
)
from routing_rules.vocabulary import in_words
from schemas.values import EventType, Service, Urgency

Written = str | list["Written"] | dict[str, "Written"]


def document_text(document: RuleDocument, phrases: Mapping[EventType, str]) -> str:
    """The text of one rule file; `phrases` are the vocabulary's names of events."""
    blocks: list[Written] = [_rule(rule, phrases) for rule in document.rules]
    blocks += [_withhold(block, phrases) for block in document.withholds]
    return yaml.safe_dump(blocks, sort_keys=False)


def _rule(rule: Rule, phrases: Mapping[EventType, str]) -> Written:
    written: dict[str, Written] = {"rule": rule.name, "why": rule.why, "event": phrases[rule.event]}
    if rule.when:
        written["when"] = _conditions(rule.when)
    if rule.once_per_days:
        written["once per"] = f"{rule.once_per_days} days"
    return written | {
        "about": {"each person where": _conditions(rule.about)},
        "tell": [_tell(tell) for tell in rule.tell],
        "source": list[Written](rule.sources),
        "owner": rule.owner,
        "review by": rule.review_by.isoformat(),
    }


def _withhold(block: Withhold, phrases: Mapping[EventType, str]) -> Written:
    written: dict[str, Written] = {"withhold": block.name, "event": phrases[block.event]}
    if block.when:
        written["when"] = _conditions(block.when)
    if block.but_still:
        written["but still"] = [_but_still(each) for each in block.but_still]
    return written | {"about": _conditions(block.about), "except": _services(block.except_)}


def _but_still(but_still: ButStill) -> Written:
    return _conditions(but_still.when) | {"tell": _services(but_still.services)}


def _conditions(conditions: Iterable[Condition]) -> dict[str, Written]:
    return {condition.field: _condition(condition) for condition in conditions}


def _condition(condition: Condition) -> Written:
    known = "" if condition.or_unknown else "known to be "
    written: list[Written] = [*sorted(condition.words)]
    written += [f"{known}{each}" for each in condition.ranges]
    if condition.or_unknown:
        written.append("unknown")
    return written if len(written) > 1 else written[0]


def _tell(tell: Tell) -> Written:
    written: dict[str, Written] = {_service(tell.service): tell.place.value}
    for each in tell.instead:
        written[each.when.value] = f"{_service(each.service)} {each.place}"
    return written | {
        "urgency": _urgency(tell.urgency),
        "ask": [ask.value for ask in tell.asks],
    }


def _urgency(urgency: Urgency | UrgencyByField) -> Written:
    if isinstance(urgency, Urgency):
        return in_words(urgency)
    by_word = {word: in_words(each) for word, each in urgency.by_word.items()}
    return {"by": urgency.field, **by_word}


def _service(service: Service) -> str:
    return service.value.replace("-", " ")


def _services(services: Iterable[Service]) -> Written:
    return [_service(service) for service in sorted(services)]
