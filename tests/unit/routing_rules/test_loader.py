from datetime import date

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from inline_snapshot import snapshot

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
from routing_rules.loader import load_rules
from routing_rules.source_text import Position, Problems
from schemas.values import Ask, EventType, Service, Urgency
from tests.rule_strategies import documents, vocabularies
from tests.rule_text import document_text
from tests.unit.routing_rules.rule_files import FILE, VALID, VOCABULARY, changed, load, warnings_of


def at(line: int, column: int) -> Position:
    return Position(FILE, line, column)


def test_a_valid_file_has_no_problems() -> None:
    _, problems = load(VALID)

    assert not problems.found
    assert not problems.warnings


def test_a_rule_reads_as_it_is_written() -> None:
    document, _ = load(VALID)

    assert document.rules[0] == Rule(
        name="da-pregnant-victim",
        why="A pregnant victim is known to her maternity service before the next contact.",
        event=EventType.POLICE_DOMESTIC_ABUSE,
        when=(
            Condition("risk", at(5, 5), frozenset({"standard", "medium", "high", "not assessed"})),
        ),
        about=(
            Condition("role", at(7, 25), frozenset({"victim"})),
            Condition("pregnant", at(7, 39), frozenset({"yes", "possible"})),
        ),
        tell=(
            Tell(
                service=Service.MIDWIFERY,
                place=Place.BOOKED_PROVIDER,
                urgency=UrgencyByField(
                    "risk",
                    of_person=False,
                    by_word={
                        "high": Urgency.IMMEDIATE,
                        "not assessed": Urgency.IMMEDIATE,
                        "standard": Urgency.NEXT_WORKING_DAY,
                        "medium": Urgency.NEXT_WORKING_DAY,
                    },
                ),
                asks=(Ask.ACKNOWLEDGE, Ask.RECORD),
                position=at(9, 7),
                instead=(Instead(Unless.NO_BOOKING, Service.MIDWIFERY, Place.HOME_DISTRICT),),
            ),
            Tell(Service.GP, Place.REGISTERED_PRACTICE, Urgency.ROUTINE, (), at(13, 7)),
        ),
        sources=("para 1.13", "rec 1.6"),
        owner="named.midwife",
        review_by=date(2027, 4, 1),
        position=at(1, 3),
    )


def test_numbers_crossings_and_other_places_read_as_they_are_written() -> None:
    rule = load(VALID)[0].rules[1]

    assert rule.once_per_days == 183
    assert rule.when[1] == Condition("concerns", at(25, 5), frozenset({"self harm"}))
    assert rule.about == (
        Condition(
            "age", at(26, 11), ranges=(NumberRange(0, 4), NumberRange(5, 15)), or_unknown=True
        ),
    )
    assert rule.tell[0].asks == (Ask.ACT,)
    assert rule.tell[0].instead == (
        Instead(Unless.HOME_EDUCATED, Service.SCHOOL_NURSING, Place.HOME_DISTRICT),
        Instead(Unless.NO_SCHOOL, Service.SAFEGUARDING, Place.COUNTY),
    )
    assert rule.tell[0].urgency == UrgencyByField(
        "parent contacted",
        of_person=False,
        by_word={
            "yes": Urgency.ROUTINE,
            "no": Urgency.SAME_DAY,
            "not recorded": Urgency.SAME_DAY,
        },
    )


def test_a_withhold_block_reads_as_it_is_written() -> None:
    document, _ = load(VALID)

    assert document.withholds == (
        Withhold(
            name="sexual health of a child is confidential",
            event=EventType.EMERGENCY_ATTENDANCE,
            when=(
                Condition(
                    "concerns", at(40, 10), frozenset({"emergency contraception", "sexual health"})
                ),
            ),
            about=(Condition("age", at(41, 11), ranges=(NumberRange(0, 17),), or_unknown=True),),
            except_=frozenset({Service.SAFEGUARDING, Service.SOCIAL_CARE}),
            but_still=(
                ButStill(
                    (Condition("concerns", at(43, 15), frozenset({"self harm", "overdose"})),),
                    frozenset({Service.CAMHS}),
                ),
            ),
            position=at(38, 3),
        ),
    )


def test_a_withhold_block_may_say_why_and_whose_it_is() -> None:
    said = "  why: Confidential\n  source: para 9\n  owner: named.nurse\n  review by: 2027-04-01\n"

    (block,) = load(VALID + said)[0].withholds

    assert (block.why, block.sources, block.owner) == ("Confidential", ("para 9",), "named.nurse")
    assert block.review_by == date(2027, 4, 1)


def test_two_lists_may_still_be_told() -> None:
    both = "[{concerns: burn, tell: gp}, {concerns: fgm, tell: [camhs]}]"
    document, problems = load(changed("{concerns: [self harm, overdose], tell: [camhs]}", both))

    assert not problems.found
    assert [each.services for each in document.withholds[0].but_still] == [
        {Service.GP},
        {Service.CAMHS},
    ]


def test_nobody_may_be_excepted() -> None:
    document, problems = load(changed("except: [safeguarding, social care]", "except: []"))

    assert not problems.found
    assert document.withholds[0].except_ == frozenset()


def test_rules_stand_in_the_order_of_files_and_lines() -> None:
    first = VALID.replace("da-pregnant-victim", "b").replace("child-left-department", "a")
    second = VALID.replace("sexual health of a child", "the same")
    files = {"rules/2.yaml": second, "rules/1.yaml": first, "rules/0.yaml": "# nothing yet\n"}
    problems = Problems()

    document = load_rules(files, VOCABULARY, problems)

    assert not problems.found
    assert [rule.name for rule in document.rules] == [
        "b",
        "a",
        "da-pregnant-victim",
        "child-left-department",
    ]


def test_an_urgency_need_not_name_what_the_rule_does_not_match() -> None:
    text = changed("risk: [standard, medium, high, not assessed]", "risk: [medium, high]")
    text = text.replace(", not assessed: immediate, otherwise", ", medium")

    assert load(text)[1].found == []


def test_an_urgency_may_depend_on_the_person() -> None:
    text = changed(
        "{high: immediate, not assessed: immediate, otherwise: next working day}",
        "{yes: immediate, possible: same day}",
    )
    document, problems = load(text)
    urgency = document.rules[0].tell[0].urgency if document.rules else None

    assert [str(problem) for problem in problems.found] == []
    assert isinstance(urgency, UrgencyByField)
    assert (urgency.field, urgency.of_person) == ("pregnant", True)


def test_every_number_phrase_means_its_range() -> None:
    phrases = {
        "under 5": (0, 4),
        "over 60": (61, 130),
        "at least 3": (3, 130),
        "at most 4": (0, 4),
        "exactly 3": (3, 3),
        "3": (3, 3),
        "5 to 15": (5, 15),
        "known to be under 18": (0, 17),
    }
    for phrase, (low, high) in phrases.items():
        document, problems = load(changed("[under 5, 5 to 15, unknown]", phrase))
        (condition,) = document.rules[1].about

        assert not problems.found
        assert condition.ranges == (NumberRange(low, high),)
        assert str(condition.ranges[0]) == phrase.removeprefix("known to be ")
        assert not condition.or_unknown


def test_a_threshold_that_says_nothing_of_unknown_is_a_warning() -> None:
    text = changed("[under 5, 5 to 15, unknown]", "[under 5, 5 to 15]")
    document, _ = load(text)

    assert len(document.rules) == 2
    assert warnings_of(text) == snapshot(
        [
            (
                "26:11: it does not say what happens when age is unknown: "
                "add 'unknown', or write 'known to be under 5'"
            )
        ]
    )


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_what_is_written_reads_as_it_was(data: st.DataObject) -> None:
    vocabulary = data.draw(vocabularies())
    document = data.draw(documents(vocabulary))
    phrases = {event.type: phrase for phrase, event in vocabulary.items()}
    problems = Problems()

    read = load_rules({FILE: document_text(document, phrases)}, vocabulary, problems)

    assert [str(problem) for problem in problems.found] == []
    assert placeless(read) == placeless(document)


def placeless(document: RuleDocument) -> str:
    """What a document says, without where: positions and the order of sets aside."""
    return repr(_placeless(document))


def _placeless(value: object) -> object:
    if isinstance(value, Position):
        return None
    if isinstance(value, frozenset):
        return sorted(map(str, value))
    if isinstance(value, tuple):
        return [_placeless(each) for each in value]
    names = getattr(value, "__slots__", None)
    if names is None or isinstance(value, str | dict | date):
        return sorted(value.items()) if isinstance(value, dict) else value
    return [_placeless(getattr(value, name)) for name in names]


def test_a_rule_may_name_the_pathways_that_it_serves() -> None:
    document, problems = load(changed("  owner:", "  pathway: [P01, P12]\n  owner:"))

    assert not problems.found
    assert document.rules[0].pathways == ("P01", "P12")
