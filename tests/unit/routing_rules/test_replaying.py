"""An occurrence's stored decisions, made once more by the same rulebook or by another."""

from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routing_rules.case import Case, Outcome
from routing_rules.casework import decide
from routing_rules.known import NOTHING_KNOWN
from routing_rules.late_tellings import TellLate, only_late
from routing_rules.reconcile import identity_of_held
from routing_rules.register import Register
from routing_rules.replay_sieve import Sieve, StoredFacts, sieve
from routing_rules.replaying import (
    Change,
    History,
    Point,
    decided_again,
    differences,
    standing,
)
from routing_rules.rulebook import Rulebook, load_rulebook
from schemas.values import DutyState, EventType, Service
from services.ledger.replay_scan import Scanned
from services.ledger.replaying import Happening
from services.replay.comparing import Sieves, may_differ
from tests.builders import (
    POLICE,
    a_person,
    an_event,
    at_home,
    nhs_number,
    rulebook_files,
    staffordshire,
)
from tests.histories import Stored, county_book

AT = datetime.fromisoformat("2026-03-06T12:00:00+00:00")
OCCURRENCE = UUID(int=7)
MIDWIFE = "da-pregnant-victim"
MESSAGES = 120


def rulebook_less(*rules: str) -> Rulebook:
    """The shipped rulebook without some rules, and without promises."""
    files = dict(rulebook_files("staffordshire"))
    del files["promises.yaml"]
    for path, text in files.items():
        if path.startswith("rules/"):
            first, *blocks = text.split("\n- ")
            kept = [b for b in blocks if b.split("\n")[0].removeprefix("rule: ") not in rules]
            files[path] = "\n- ".join([first, *kept])
    return load_rulebook(
        {path: text for path, text in files.items() if "\n- " in text or path[:6] != "rules/"}
    )


@cache
def without_midwife() -> Rulebook:
    return rulebook_less(MIDWIFE)


def an_incident(**known: Any) -> Point:
    """A pregnant victim, told of once."""
    victim = a_person(
        "victim",
        number=1,
        date_of_birth="1996-04-11",
        sex="female",
        pregnant="yes",
        maternity_provider="RJF",
        **at_home(),
    )
    data = {"police_reference": "STF/1", "incident_at": AT.isoformat(), "risk": "high"}
    event = an_event(POLICE, {**data, "people": [victim], **known}, time=AT)
    return Point(AT, staffordshire().content_hash, event, NOTHING_KNOWN)


def history(*points: Point, by: Rulebook | None = None) -> History:
    """What the ledger holds of decisions that one rulebook made."""
    bare = History(OCCURRENCE, points)
    return replace(bare, told=standing(bare, by or staffordshire()))


def test_the_same_rulebook_comes_to_the_same_answer() -> None:
    book = county_book(MESSAGES)

    for known, _ in book.histories():
        *_, (case, _) = decided_again(known, lambda _: book.rulebook)

        assert case.duties == book.cases[known.occurrence_id].duties
        assert differences(known, book.rulebook) == ()


def test_who_would_have_been_told_and_who_not() -> None:
    untold = history(an_incident(), by=without_midwife())
    told = history(an_incident())

    [newly] = differences(untold, staffordshire())
    [no_longer] = differences(told, without_midwife())

    assert (newly.change, newly.telling.service) == (Change.NEWLY_TOLD, Service.MIDWIFERY)
    assert (newly.telling.recipient, newly.telling.district) == ("RJF:midwifery", "E07000193")
    assert newly.telling.rules == (MIDWIFE,)
    assert no_longer.change is Change.NO_LONGER_TOLD
    assert no_longer.telling == newly.telling
    assert newly.telling.person_key == f"nhs:{nhs_number(1)}"


def test_somebody_else_of_the_same_service_is_marked_as_such() -> None:
    files = dict(rulebook_files("staffordshire"))
    name = "directory/teams.csv"
    files[name] = files[name].replace("RJF:midwifery,", "RJF:midwifery:second,")

    found = differences(history(an_incident()), load_rulebook(files))

    assert [each.elsewhere for each in found if each.telling.service is Service.MIDWIFERY]
    assert all(each.elsewhere for each in found)


def test_what_was_withdrawn_is_told_by_neither() -> None:
    cancelled = replace(an_incident(status="cancelled"), at=AT + timedelta(hours=1))
    event = cancelled.event
    assert event is not None
    later = replace(event, id="e2", time=AT + timedelta(hours=1))

    known = history(an_incident(), replace(cancelled, event=later))

    assert known.told == ()
    assert differences(known, without_midwife()) == ()


def test_an_answer_is_a_fact_of_the_replay() -> None:
    first, again = an_incident(), replace(an_incident(), event=None, at=AT + timedelta(days=1))
    whole = history(first, again)
    ended = {each.duty_id: AT + timedelta(hours=1) for each in whole.told if each.duty_id}

    cases = [case for case, _ in decided_again(whole, lambda _: staffordshire())]
    answered = [
        case for case, _ in decided_again(replace(whole, ended=ended), lambda _: staffordshire())
    ]

    assert not any(duty.is_ended for duty in cases[-1].duties)
    assert not any(duty.is_ended for duty in answered[0].duties)
    assert all(duty.is_ended for duty in answered[-1].duties)


def test_an_order_to_tell_late_only_adds() -> None:
    ordered = replace(
        an_incident(),
        event=None,
        at=AT + timedelta(days=9),
        issued=frozenset({(f"nhs:{nhs_number(1)}", Service.MIDWIFERY)}),
    )
    known = History(OCCURRENCE, (an_incident(), ordered))
    books = iter([without_midwife(), staffordshire()])

    *_, (case, outcome) = decided_again(known, lambda _: next(books), as_ordered=True)

    [change] = outcome.changes
    assert (change.held.service, change.late) == (Service.MIDWIFERY, True)
    assert change.notification["late"] is True
    assert change.held.duty_id in {duty.duty_id for duty in case.duties}


def decided_without_midwife() -> tuple[Case, Outcome]:
    event = an_incident().event
    assert event is not None
    return decide(Case(OCCURRENCE), event, without_midwife(), AT)


def test_telling_late_leaves_others_and_other_services_alone() -> None:
    case, _ = decided_without_midwife()
    somebody, midwife = f"nhs:{nhs_number(1)}", Service.MIDWIFERY
    tell = TellLate(frozenset({(somebody, midwife)}))
    nobody = TellLate(frozenset({("nhs:another", midwife), (somebody, Service.CAMHS)}))

    after, outcome, learned = tell(case, Register(), staffordshire(), AT, is_late=True)
    same, nothing, _ = nobody(case, Register(), staffordshire(), AT, is_late=False)

    assert [change.held.service for change in outcome.changes] == [midwife]
    assert outcome.changes[0].why == "issued late after a replay"
    assert after.duties[:-1] == case.duties
    assert after.duties[-1].is_issued
    assert learned.rows == ()
    assert (same.duties, nothing.changes) == (case.duties, ())


@pytest.mark.parametrize("state", [DutyState.DONE, DutyState.WITHDRAWN])
def test_only_what_does_not_stand_is_told_again(state: DutyState) -> None:
    event = an_incident().event
    assert event is not None
    case, outcome = decide(Case(OCCURRENCE), event, staffordshire(), AT)
    held = tuple(replace(duty, state=state, is_ended=True) for duty in case.duties)
    whom = {(duty.person_key, duty.service) for duty in held}

    _, late = only_late(replace(case, duties=held), outcome, whom)

    told = {identity_of_held(change.held) for change in late.changes}
    assert told == ({identity_of_held(d) for d in held} if state == "withdrawn" else set())


NAMES = sorted(rule.name for rule in staffordshire().document.rules)


@settings(deadline=None, max_examples=15)
@given(st.sets(st.sampled_from(NAMES), max_size=12))
def test_what_the_sieve_lets_go_no_rulebook_tells_otherwise(gone: set[str]) -> None:
    """With and without it the answer is the same."""
    book, other = county_book(MESSAGES), rulebook_less(*gone)
    sieves = Sieves(other, {book.rulebook.content_hash: book.rulebook.files})
    sieves._made[book.rulebook.content_hash] = sieve(book.rulebook, other)
    assert sieves.types() == {r.event for r in book.rulebook.document.rules if r.name in gone}

    for known, stored in book.histories():
        if not may_differ(list(map(scanned, known.points, stored)), sieves):
            assert differences(known, other) == ()


def scanned(point: Point, facts: Stored) -> Scanned:
    """What the ledger would say of a decision."""
    because = None if point.event else "learned_later" if point.is_late else "departure_overdue"
    return Scanned(
        Happening("", "", facts.type, point.at),
        point.rulebook_hash,
        because,
        bool(point.known.endings),
        facts.leaves_out,
        facts.footing,
        None if facts.footing is not None else facts.as_json,
    )


def test_what_decides_nothing_about_who_is_told_is_no_difference() -> None:
    files = dict(rulebook_files("staffordshire"))
    police = files["rules/police.yaml"].replace("named.midwife", "somebody.else")
    shifted = load_rulebook({**files, "rules/police.yaml": f"# a note\n{police}"})

    sifted = sieve(staffordshire(), shifted)

    assert sifted.types == frozenset()
    stored = county_book(MESSAGES).histories()[0][1][0]
    assert not sifted.may_differ(stored.type, lambda: stored.facts)


def test_another_directory_or_facts_that_do_not_fit_may_differ() -> None:
    files = dict(rulebook_files("staffordshire"))
    files["directory/teams.csv"] += "\n"
    elsewhere = sieve(staffordshire(), load_rulebook(files))
    one_less = sieve(staffordshire(), without_midwife())
    odd = StoredFacts({"risk": "high"}, [{"role": "a word of an older release"}])

    assert elsewhere == Sieve(None, frozenset(EventType), is_common_ground=True)
    assert elsewhere.may_differ(POLICE, lambda: odd)
    assert one_less.may_differ(POLICE, lambda: odd)
    assert not one_less.may_differ(EventType.MARAC_OUTCOME, lambda: odd)
