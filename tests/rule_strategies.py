"""Hypothesis strategies for vocabularies, rules, withhold blocks and the features they meet.

Everything is small on purpose: few words and narrow numbers meet each other often.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from hypothesis import strategies as st

from routing_rules.document import (
    ButStill,
    Condition,
    Instead,
    NumberRange,
    Place,
    Rule,
    RuleDocument,
    Tell,
    Unless,
    UrgencyByField,
    Withhold,
)
from routing_rules.source_text import Position
from routing_rules.vocabulary import (
    EventVocabulary,
    Features,
    FeatureValue,
    Field,
    FieldKind,
    Vocabulary,
)
from schemas.events import ROUTED_MODELS
from schemas.values import Ask, EventType, Service, Urgency

SOMEWHERE = Position("rules/made.yaml")

words = st.sampled_from(
    (
        "amber",
        "birch",
        "clay",
        "dove",
        "elm",
        "fern",
        "gorse",
        "heath",
        "ivy",
        "jay",
        "kelp",
        "larch",
    )
)
services = st.sampled_from(Service)
urgencies = st.sampled_from(Urgency)
asks = st.lists(st.sampled_from(Ask), unique=True).map(tuple)


@st.composite
def fields(draw: st.DrawFn, name: str) -> Field:
    kind = draw(st.sampled_from(FieldKind))
    if kind is FieldKind.NUMBER:
        low = draw(st.integers(0, 3))
        return Field(name, kind, low=low, high=draw(st.integers(low + 1, low + 12)))
    values = draw(st.lists(words, min_size=1, max_size=5, unique=True))
    unknown = draw(st.sampled_from([(), ("unknown",), ("not assessed",)]))
    return Field(name, kind, (*values, *unknown))


@st.composite
def event_vocabularies(draw: st.DrawFn, event_type: EventType) -> EventVocabulary:
    """Fields of the event and of a person; no two have the same name."""
    names = draw(st.lists(words, min_size=2, max_size=6, unique=True))
    cut = draw(st.integers(1, len(names) - 1))
    made = {name: draw(fields(name)) for name in names}
    return EventVocabulary(
        phrase=event_type.value,
        type=event_type,
        event_fields={name: made[name] for name in names[:cut]},
        person_fields={name: made[name] for name in names[cut:]},
    )


@st.composite
def vocabularies(draw: st.DrawFn) -> Vocabulary:
    types = draw(
        st.lists(st.sampled_from(list(ROUTED_MODELS)), min_size=1, max_size=2, unique=True)
    )
    events = [draw(event_vocabularies(event_type)) for event_type in types]
    return {event.phrase: event for event in events}


@st.composite
def ranges(draw: st.DrawFn, field: Field) -> NumberRange:
    number = draw(st.integers(field.low, field.high))
    last = draw(st.integers(number, field.high))
    choices = [
        NumberRange(number, last, f"{number} to {last}"),
        NumberRange(number, number, str(number)),
        NumberRange(number, number, f"exactly {number}"),
        NumberRange(number, field.high, f"at least {number}"),
        NumberRange(field.low, number, f"at most {number}"),
    ]
    if number > field.low:
        choices.append(NumberRange(field.low, number - 1, f"under {number}"))
    if number < field.high:
        choices.append(NumberRange(number + 1, field.high, f"over {number}"))
    return draw(st.sampled_from(choices))


@st.composite
def conditions(draw: st.DrawFn, field: Field) -> Condition:
    if field.kind is FieldKind.NUMBER:
        found = draw(st.lists(ranges(field), max_size=3, unique_by=lambda each: each.phrase))
        or_unknown = not found or draw(st.booleans())
        return Condition(field.name, SOMEWHERE, ranges=tuple(found), or_unknown=or_unknown)
    named = draw(st.sets(st.sampled_from(field.values), min_size=1))
    return Condition(field.name, SOMEWHERE, words=frozenset(named))


@st.composite
def rows(
    draw: st.DrawFn, among: Mapping[str, Field], *, min_size: int = 0
) -> tuple[Condition, ...]:
    """Conditions on some of these fields, each tested at most once."""
    tested = st.lists(st.sampled_from(list(among)), unique=True, min_size=min_size, max_size=3)
    return tuple([draw(conditions(among[name])) for name in draw(tested)])


@st.composite
def _urgencies_by_field(draw: st.DrawFn, event: EventVocabulary) -> Urgency | UrgencyByField:
    """A map that names each value of one choice field, where there is one."""
    choices = [
        (field, of_person)
        for of_person, among in ((False, event.event_fields), (True, event.person_fields))
        for field in among.values()
        if field.kind is FieldKind.CHOICE
    ]
    if not choices:
        return Urgency.ROUTINE
    field, of_person = draw(st.sampled_from(choices))
    by_word = {word: draw(urgencies) for word in field.values}
    return UrgencyByField(field.name, of_person, by_word)


@st.composite
def tells(draw: st.DrawFn, event: EventVocabulary) -> Tell:
    places = st.sampled_from(Place)
    cases = sorted(draw(st.sets(st.sampled_from(Unless))), key=list(Unless).index)
    return Tell(
        service=draw(services),
        place=draw(places),
        urgency=draw(st.one_of(urgencies, _urgencies_by_field(event))),
        asks=draw(asks),
        position=SOMEWHERE,
        instead=tuple([Instead(case, draw(services), draw(places)) for case in cases]),
    )


@st.composite
def rules(draw: st.DrawFn, event: EventVocabulary, name: str = "made") -> Rule:
    return Rule(
        name=name,
        why=draw(words),
        event=event.type,
        when=draw(rows(event.event_fields)),
        about=draw(rows(event.person_fields, min_size=1)),
        tell=tuple(draw(st.lists(tells(event), min_size=1, max_size=3))),
        sources=tuple(draw(st.lists(words, min_size=1, max_size=2, unique=True))),
        owner=draw(words),
        review_by=draw(st.dates(min_value=date(2020, 1, 1), max_value=date(2040, 1, 1))),
        position=SOMEWHERE,
        once_per_days=draw(st.none() | st.integers(1, 999)),
    )


@st.composite
def _but_stills(draw: st.DrawFn, event: EventVocabulary, when: Sequence[Condition]) -> ButStill:
    """Values of a list field of the event that the block itself does not withhold."""
    withheld = {(each.field, word) for each in when for word in each.words}
    lists = [each for each in event.event_fields.values() if each.kind is FieldKind.FLAGS]
    open_flags = [
        (field.name, word)
        for field in lists
        for word in field.values
        if (field.name, word) not in withheld
    ]
    field, word = draw(st.sampled_from(open_flags or [("", "")]))
    condition = Condition(field, SOMEWHERE, words=frozenset({word}))
    told = draw(st.frozensets(services, min_size=1, max_size=2))
    return ButStill((condition,) if open_flags else (), told)


@st.composite
def withholds(draw: st.DrawFn, event: EventVocabulary, name: str = "made") -> Withhold:
    when = draw(rows(event.event_fields))
    lists = {each.field for each in when if event.event_fields[each.field].kind is FieldKind.FLAGS}
    may_show_others = lists <= {"concerns"}  # a notice lists all of any other list
    but_stills = draw(st.lists(_but_stills(event, when), max_size=2 * may_show_others))
    return Withhold(
        name=name,
        event=event.type,
        when=when,
        about=draw(rows(event.person_fields, min_size=1)),
        except_=draw(st.frozensets(services, max_size=3)),
        but_still=tuple(each for each in but_stills if each.when),
        position=SOMEWHERE,
    )


@st.composite
def documents(draw: st.DrawFn, vocabulary: Vocabulary) -> RuleDocument:
    """Up to a dozen blocks over the vocabulary's events."""
    of_rules = draw(st.lists(st.sampled_from(list(vocabulary)), max_size=8))
    of_withholds = draw(st.lists(st.sampled_from(list(vocabulary)), max_size=4))
    return RuleDocument(
        tuple([draw(rules(vocabulary[e], f"rule-{n}")) for n, e in enumerate(of_rules)]),
        tuple([draw(withholds(vocabulary[e], f"block {n}")) for n, e in enumerate(of_withholds)]),
    )


def values(field: Field) -> st.SearchStrategy[FeatureValue]:
    """What one field may be for some event or person, unknown included."""
    match field.kind:
        case FieldKind.CHOICE:
            return st.sampled_from(field.values)
        case FieldKind.FLAGS:
            return st.frozensets(st.sampled_from(field.values))
        case FieldKind.NUMBER:
            return st.none() | st.integers(field.low, field.high)


@st.composite
def features(draw: st.DrawFn, among: Mapping[str, Field]) -> Features:
    """One value for every field."""
    return {name: draw(values(field)) for name, field in among.items()}
