"""Reading one `rule` or one `withhold` block.

As in `reading`, what cannot be read becomes a problem, and reading goes on; but a block is
returned only when nothing in it was a problem.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from routing_rules.document import ButStill, Condition, Rule, Withhold
from routing_rules.loader_conditions import Scope, event_scope, person_scope, read_conditions
from routing_rules.loader_tell import read_tell
from routing_rules.loader_urgency import Matched
from routing_rules.loader_words import SERVICES, ClosedSet, Keys, read_block, read_text, read_texts
from routing_rules.reading import read_date
from routing_rules.source_text import Entries, Items, Node, Problems, quoted
from routing_rules.vocabulary import EventVocabulary, FieldKind, Vocabulary
from schemas.values import Service

_RULE = Keys(
    "a rule",
    ("rule", "why", "event", "about", "tell", "source", "owner", "review by"),
    ("when", "once per", "pathway"),
)
_WITHHOLD = Keys(
    "a withhold block",
    ("withhold", "event", "about", "except"),
    ("when", "but still", "why", "source", "owner", "review by", "basis"),
)
_CONCERNS = "concerns"
_EACH = "each person where"
_TELL = "tell"
_RULE_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_PATHWAY = re.compile(r"P[0-9]{2}")
_DAYS = re.compile(r"([1-9][0-9]{0,3}) days?")


def read_rule(entries: Entries, vocabulary: Vocabulary, problems: Problems) -> Rule | None:
    """A rule, when nothing in it is a problem."""
    before = len(problems.found)
    block = _Block(_RULE.read(entries, problems), problems)
    matched = block.matched(vocabulary)
    tell = block.keys.get(_TELL)
    tells = () if tell is None else read_tell(tell, matched, problems)
    review_by, name, once_per_days = block.date("review by"), block.rule_name(), block.once_per()
    why, sources, owner = block.text("why"), block.texts("source"), block.text("owner")
    pathways = block.pathways()
    if len(problems.found) > before or matched is None or review_by is None:
        return None
    return Rule(
        name=name,
        why=why or "",
        event=matched.event.type,
        when=matched.when,
        about=matched.about,
        tell=tells,
        sources=sources,
        owner=owner or "",
        review_by=review_by,
        position=entries.position,
        once_per_days=once_per_days,
        pathways=pathways,
    )


def read_withhold(entries: Entries, vocabulary: Vocabulary, problems: Problems) -> Withhold | None:
    """A withhold block, when nothing in it is a problem."""
    before = len(problems.found)
    block = _Block(_WITHHOLD.read(entries, problems), problems)
    matched = block.matched(vocabulary)
    services = block.services("except")
    but_still = block.but_still(matched)
    name, why, sources = block.text("withhold"), block.text("why"), block.texts("source")
    basis = block.text("basis")
    owner, review_by = block.text("owner"), block.date("review by")
    if len(problems.found) > before or matched is None:
        return None
    return Withhold(
        name=name or "",
        event=matched.event.type,
        when=matched.when,
        about=matched.about,
        except_=services,
        but_still=but_still,
        position=entries.position,
        why=why,
        sources=sources,
        owner=owner,
        review_by=review_by,
        basis=basis,
    )


@dataclass(frozen=True, slots=True)
class _Block:
    """The keys of one block; each reading answers nothing for a key that is missing."""

    keys: Mapping[str, Node]
    problems: Problems

    def text(self, key: str) -> str | None:
        node = self.keys.get(key)
        scalar = None if node is None else read_text(node, self.problems)
        return None if scalar is None else " ".join(scalar.text.split())

    def texts(self, key: str) -> tuple[str, ...]:
        node = self.keys.get(key)
        scalars = () if node is None else read_texts(node, self.problems)
        return tuple(scalar.text for scalar in scalars)

    def date(self, key: str) -> date | None:
        node = self.keys.get(key)
        scalar = None if node is None else read_text(node, self.problems)
        return None if scalar is None else read_date(scalar, self.problems)

    def rule_name(self) -> str:
        name = self.text("rule")
        if name is not None and _RULE_NAME.fullmatch(name) is None:
            self.problems.add(
                self.keys["rule"].position,
                f"{quoted(name)} is not a rule's name: use small letters, digits and hyphens, "
                "as in 'da-pregnant-victim'",
            )
        return name or ""

    def once_per(self) -> int | None:
        text = self.text("once per")
        days = None if text is None else _DAYS.fullmatch(text)
        if text is not None and days is None:
            message = f"{quoted(text)} is not a number of days; write it as '183 days'"
            self.problems.add(self.keys["once per"].position, message)
        return int(days[1]) if days else None

    def pathways(self) -> tuple[str, ...]:
        node = self.keys.get("pathway")
        scalars = () if node is None else read_texts(node, self.problems)
        for each in scalars:
            if _PATHWAY.fullmatch(each.text) is None:
                message = f"{quoted(each.text)} is not a pathway; write it as 'P12'"
                self.problems.add(each.position, message)
        return tuple(each.text for each in scalars)

    def services(self, key: str) -> frozenset[Service]:
        node = self.keys.get(key)
        if node is None:
            return frozenset()
        return frozenset(SERVICES.read_all(node, self.problems, may_be_empty=True))

    def matched(self, vocabulary: Vocabulary) -> Matched | None:
        """What the block matches; None when its event is unreadable, so its fields unknown."""
        node = self.keys.get("event")
        scalar = None if node is None else read_text(node, self.problems)
        event = (
            None
            if scalar is None
            else ClosedSet("an event", vocabulary).read(scalar, self.problems)
        )
        if event is None:
            return None
        when, about = self.keys.get("when"), self.keys.get("about")
        return Matched(
            event,
            () if when is None else read_conditions(when, event_scope(event), self.problems),
            () if about is None else self.about(about, event),
        )

    def about(self, node: Node, event: EventVocabulary) -> tuple[Condition, ...]:
        """Conditions on the person, with or without `each person where`."""
        where = node.get(_EACH) if isinstance(node, Entries) else None
        if isinstance(node, Entries) and where is not None and len(node.entries) > 1:
            self.problems.add(node.position, f"'{_EACH}' holds all conditions: put them inside it")
        return read_conditions(where or node, person_scope(event), self.problems)

    def but_still(self, matched: Matched | None) -> tuple[ButStill, ...]:
        node = self.keys.get("but still")
        if node is None or matched is None:
            return ()
        if isinstance(node, Items) and not node.items:
            self.problems.add(node.position, "an empty list says nothing: leave it out")
        for condition in matched.when:
            self._refuse_shown(condition, matched)
        each = node.items if isinstance(node, Items) else (node,)
        read = (_read_but_still(one, matched, self.problems) for one in each)
        return tuple(one for one in read if one is not None)

    def _refuse_shown(self, condition: Condition, matched: Matched) -> None:
        """Only concerns are left out of a notice one by one: of other lists it would show all."""
        name = condition.field
        field = matched.event.event_fields.get(name)
        if field is not None and field.kind is FieldKind.FLAGS and name != _CONCERNS:
            self.problems.add(
                condition.position,
                f"a block with 'but still' cannot withhold '{name}': a notice lists all of them,"
                " also those that are withheld; leave 'but still' out",
            )


def _read_but_still(node: Node, matched: Matched, problems: Problems) -> ButStill | None:
    """`{concerns: [self harm], tell: [camhs]}`: values of a list field, and who hears of them."""
    block = read_block(node, "what is still told, and to whom,", problems)
    if block is None:
        return None
    tell = block.get(_TELL)
    tests = tuple((key, value) for key, value in block.entries if key.text != _TELL)
    if tell is None or not tests:
        example = "write it as {concerns: [self harm], tell: [camhs]}"
        problems.add(block.position, f"it names values of one field, and whom to tell; {example}")
        return None
    conditions = read_conditions(Entries(tests, block.position), _lists(matched), problems)
    for condition in conditions:
        _refuse_withheld(condition, matched.when, problems)
    return ButStill(conditions, frozenset(SERVICES.read_all(tell, problems)))


def _lists(matched: Matched) -> Scope:
    """The fields of the event that may hold several values, one of which may be withheld."""
    fields = {
        name: field
        for name, field in matched.event.event_fields.items()
        if field.kind is FieldKind.FLAGS
    }
    return replace(
        event_scope(matched.event), noun="a list field of the event", fields=fields, elsewhere={}
    )


def _refuse_withheld(condition: Condition, when: tuple[Condition, ...], problems: Problems) -> None:
    """What is withheld cannot still be told in the same breath."""
    withheld = frozenset().union(*(test.words for test in when if test.field == condition.field))
    for word in sorted(condition.words & withheld):
        problems.add(condition.position, f"'{word}' is withheld by the same block")
