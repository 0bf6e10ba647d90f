"""Whom footings say that a rulebook would have told: the same as deciding everything in full."""

from dataclasses import replace
from functools import cache
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routing_rules.footing import PLACES, VERSION, is_common_ground
from routing_rules.footing_reading import Earlier, Footing, features_in, read_footing
from routing_rules.footing_replay import (
    FootedHistory,
    FootedPoint,
    standing_by_footings,
    tellings_of,
)
from routing_rules.footing_telling import Teller
from routing_rules.replaying import History, Telling, standing
from routing_rules.rulebook import Rulebook, load_rulebook
from tests.builders import rulebook_files, staffordshire
from tests.histories import Stored, county_book

MESSAGES = 150
_TEAMS = "directory/teams.csv"
ON_CALL = "860:social-care:emergency-duty"
ODD = msgspec.Raw(b'{"risk": "a word of an older release"}')


@cache
def past() -> Rulebook:
    return load_rulebook(rulebook_files("staffordshire-2016"))


@cache
def otherwise(path: str, old: str, new: str) -> Rulebook:
    files = dict(rulebook_files("staffordshire"))
    assert old in files[path]
    return load_rulebook({**files, path: files[path].replace(old, new)})


def without(*rules: str) -> Rulebook:
    """The shipped rulebook without some rules, its promises and its cases."""
    files = dict(rulebook_files("staffordshire"))
    del files["promises.yaml"]
    for path, text in files.items():
        if path.startswith("rules/"):
            first, *blocks = text.split("\n- ")
            kept = [each for each in blocks if each.split("\n")[0][6:] not in rules]
            files[path] = "\n- ".join([first, *kept])
    kept_files = {p: t for p, t in files.items() if "\n- " in t or not p.startswith("rules/")}
    return load_rulebook(kept_files)


def footed(history: History, stored: list[Stored]) -> FootedHistory | None:
    """As the ledger gives it; None where a decision has no footing."""
    points: list[FootedPoint] = []
    for point, each in zip(history.points, stored, strict=True):
        if each.footing is None:
            return None
        before = points[-1].footing if points else None
        footing = before if before is not None and before == each.footing else each.footing
        points.append(FootedPoint(footing, point.is_late))
    return FootedHistory(history.occurrence_id, stored[0].type, points, answered=frozenset())


def replaced(footing: Footing, **otherwise: Any) -> Footing:
    """The same with something else in it."""
    return msgspec.structs.replace(footing, **otherwise)


def who(tellings: tuple[Telling, ...]) -> set[Any]:
    """All of a telling but the ids, which are worked out for what differs."""
    return {replace(each, duty_id=None, notification_id=None) for each in tellings}


def same_answers(rulebook: Rulebook, book: Any = None) -> tuple[int, int]:
    """How many occurrences of the county footings decide, and how many they leave.

    What is remembered changes no answer.
    """
    decided = left = 0
    remembering, asking = Teller(rulebook), Teller(rulebook, most=0)
    for history, stored in (book or county_book(MESSAGES)).histories():
        light = footed(history, stored)
        would = None if light is None else standing_by_footings(light, remembering)
        if light is None or would is None:
            left += 1
            continue
        decided += 1
        assert would == standing_by_footings(light, asking), stored[0].type
        assert who(tellings_of(would)) == who(standing(history, rulebook)), stored[0].type
    return decided, left


@pytest.mark.parametrize(
    ("name", "rulebook"),
    [
        ("the same", staffordshire),
        ("the practice of 2016", past),
        ("another team", lambda: otherwise(_TEAMS, "RJF:midwifery,", "RJF:midwifery:second,")),
    ],
)
def test_footings_tell_whom_the_whole_decision_tells(name: str, rulebook: Any) -> None:
    other = rulebook()

    decided, left = same_answers(other)

    assert is_common_ground(staffordshire(), other), name
    assert decided > 50, name
    assert left == 0, name


@cache
def at_once_and_closing() -> Rulebook:
    """All is told at once, and teams go home in the middle of the county's messages."""
    files = {
        path: text.replace("urgency: routine", "urgency: immediate")
        if path.startswith("rules/")
        else text
        for path, text in rulebook_files("staffordshire").items()
    }
    del files["promises.yaml"]
    teams = files[_TEAMS].replace("Mon-Fri 09:00-17:00", "Mon-Fri 09:00-12:01")
    return load_rulebook({**files, _TEAMS: teams})


def test_a_remembered_answer_is_that_of_the_hour() -> None:
    """Out of hours somebody else is told as well, which is no answer for the day before it."""
    rulebook = at_once_and_closing()

    decided, left = same_answers(rulebook)

    assert (decided > 50, left) == (True, 0)
    on_call = set()
    for history, _ in county_book(MESSAGES).histories():
        told = {each.recipient for each in standing(history, rulebook)}
        if any(each.startswith("R1E:health-visiting:") for each in told):
            on_call.add(ON_CALL in told)
    assert on_call == {True, False}


@settings(max_examples=4, deadline=None)
@given(st.data())
def test_whatever_rules_are_gone_footings_say_the_same(data: st.DataObject) -> None:
    names = [rule.name for rule in staffordshire().document.rules]
    gone = data.draw(st.lists(st.sampled_from(names), max_size=30, unique=True))

    decided, left = same_answers(without(*gone), county_book(60))

    assert decided > left


def test_what_was_stored_by_another_release_is_left_to_the_whole_decision() -> None:
    history, stored = next(
        each for each in county_book(MESSAGES).histories() if footed(*each) is not None
    )
    light = footed(history, stored)
    assert light is not None
    [first, *_] = light.points
    odd = replaced(first.footing, event=ODD)
    points = [FootedPoint(odd, is_late=False)]

    assert standing_by_footings(replace(light, points=points), Teller(staffordshire())) is None
    assert read_footing(msgspec.json.encode(replaced(first.footing, version=VERSION - 1))) is None
    assert read_footing("{}") is None
    assert read_footing(msgspec.json.encode(first.footing)) == first.footing


def test_other_settings_or_schools_are_no_common_ground() -> None:
    same = otherwise("settings.yaml", "silent after: 2 days", "silent after: 3 days")
    school = otherwise("directory/schools.csv", "900006", "900996")
    start = otherwise(
        "settings.yaml", "both told until: 31 December", "both told until: 30 November"
    )

    assert is_common_ground(staffordshire(), same)
    assert not is_common_ground(staffordshire(), school)
    assert not is_common_ground(staffordshire(), start)


def test_a_footing_holds_nothing_that_is_told() -> None:
    """Only keys, refs, features and places: no name, date of birth, address or narrative."""
    said = {"provider", "practice", "district", "postcode", "school_urn", "school_type"}
    said |= {"has_family_nurse", "conflicts"}

    for _, stored in county_book(MESSAGES).histories():
        for footing in (each.footing for each in stored if each.footing is not None):
            assert set(msgspec.json.decode(footing.places)) <= {*PLACES, "do_not_tell"}
            for person in footing.people:
                assert set(msgspec.json.decode(person.places)) <= said
                assert features_in(bytes(person.features)).keys() <= person_fields()


def person_fields() -> set[str]:
    return {name for each in staffordshire().vocabulary.values() for name in each.person_fields}


def test_what_is_left_out_stays_told_unless_it_was_never_founded() -> None:
    light, told = next(
        (light, told)
        for history, stored in county_book(MESSAGES).histories()
        if (light := footed(history, stored)) is not None
        and (told := standing_by_footings(replace(light, points=light.points[:1]), Teller(past())))
    )
    first = light.points[0]
    nobody = replaced(first.footing, people=())
    accused = replaced(nobody, guarded=(next(iter(told))[0],))
    taken_back = replaced(nobody, takes_back=True)

    before = replaced(nobody, earlier=(as_earlier(first.footing),))
    odd = replaced(before, earlier=(msgspec.structs.replace(before.earlier[0], event=ODD),))
    answered = frozenset(told)
    [somebody, *_] = {key for key, *_ in told}
    others = {each: owed for each, owed in told.items() if each[0] != somebody}
    unended = replaced(nobody, unended=before.earlier)

    def then(footing: Footing, *, is_late: bool, answered: frozenset[Any] = frozenset()) -> Any:
        points = (first, FootedPoint(footing, is_late=is_late))
        history = replace(light, points=points, answered=answered)
        return standing_by_footings(history, Teller(past()))

    assert then(nobody, is_late=False) == told
    assert then(nobody, is_late=False, answered=answered) == told
    assert then(nobody, is_late=True) == {}
    assert then(taken_back, is_late=True, answered=answered) == {}
    assert then(before, is_late=True) == told
    assert then(replaced(nobody, lost=(somebody,)), is_late=False) == others
    assert then(unended, is_late=False, answered=answered) == {}
    assert then(replaced(before, unended=before.earlier), is_late=True) == {}
    # what these would withdraw rests on more than footings
    assert then(accused, is_late=False) is None
    assert then(odd, is_late=True) is None
    assert then(replaced(nobody, unended=odd.earlier), is_late=False) is None
    assert then(replaced(nobody, rests_on_more=True), is_late=False) is None


def test_what_somebody_answered_and_others_are_told_instead_is_left_to_the_whole_decision() -> None:
    asked = 0
    for history, stored in county_book(MESSAGES).histories():
        light = footed(history, stored)
        if light is None:
            continue
        [first, *_] = light.points
        places = msgspec.json.encode({"school_type": "unknown"})
        people = [
            msgspec.structs.replace(p, places=msgspec.Raw(places)) for p in first.footing.people
        ]
        moved = FootedPoint(replaced(first.footing, people=tuple(people)), is_late=False)
        then = replace(light, points=(first, moved))
        told = standing_by_footings(replace(light, points=(first,)), Teller(staffordshire()))
        stands = standing_by_footings(then, Teller(staffordshire()))
        assert told is not None
        assert stands is not None
        answered = replace(then, answered=told.keys())
        if told.keys() <= stands.keys():
            assert standing_by_footings(answered, Teller(staffordshire())) == stands
        else:
            asked += 1
            assert standing_by_footings(answered, Teller(staffordshire())) is None
    assert asked > 10


def as_earlier(footing: Footing) -> Earlier:
    """What a case stood on, as a later decision remembers it."""
    return Earlier(
        footing.occurred_at,
        footing.publications,
        footing.event,
        footing.places,
        footing.actions,
        footing.invited,
        footing.people,
    )
