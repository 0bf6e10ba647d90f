"""Footings of pregnancies that ended, of people who were joined, and of those named by mistake."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from routing_rules.footing_replay import FootedHistory, standing_by_footings
from routing_rules.footing_telling import Teller
from routing_rules.replay_sieve import sieve
from routing_rules.replaying import differences
from routing_rules.rulebook import Rulebook
from schemas.events import Event
from schemas.occurrence import occurrence_id, occurrence_key
from schemas.values import EventType
from services.replay.comparing import Sieves, may_differ
from tests.builders import POLICE, a_person, an_event, at_home, police, staffordshire
from tests.histories import Remembering
from tests.unit.routing_rules.learned_events import arriving
from tests.unit.routing_rules.pregnancies import (
    ASHA,
    CARL,
    LATER,
    MOTHER,
    baby,
    birth,
    booked,
    death_of_the_mother,
    ended,
    incident,
    missed,
)
from tests.unit.routing_rules.register_events import BELLA, DORA, registration
from tests.unit.routing_rules.test_footing_replay import footed, past, same_answers, without
from tests.unit.routing_rules.test_identities import change
from tests.unit.routing_rules.test_replaying import scanned

INCIDENT = incident(1, 2)
CASE = occurrence_id(occurrence_key(INCIDENT))
SON = a_person("child_present", ref="son", nhs_number=DORA, nhs_number_status="verified")
NAMES = sorted(rule.name for rule in staffordshire().document.rules)


def told_anew(event_id: str, hours: int, *others: dict[str, object], **mother: object) -> Event:
    """The incident as the police tell it hours later; the unborn are not named any more."""
    told = {"police_reference": "STF/1", "status": "updated"}
    people = [{**each, **at_home(), "date_of_birth": "2019-05-01"} for each in others]
    data = police({**MOTHER, **mother}, *people, **told)
    return an_event(POLICE, data, event_id=event_id, time=LATER + timedelta(hours=hours))


WITH_SON = told_anew("with-son", 1, SON)
SON_BY_MISTAKE = told_anew("mistaken", 2, {**SON, "status": "entered_in_error"})
NOT_PREGNANT = told_anew("not-pregnant", 3, pregnant="no", pregnancy_id=None)
NOBODY = {"nhs_number": None, "nhs_number_status": "absent", "pregnancy_id": None}
NAMELESS = told_anew("nameless", 4, **NOBODY)
NUMBERED = told_anew("numbered", 5)
LOSS = ended("stillbirth")
TWINS = birth(baby(), baby(CARL, 2, "stillborn"))
JOINED = arriving(change(ASHA, BELLA))
SON_JOINED = arriving(change(DORA, CARL))
TAKEN_BACK = ended(event_id="gone", status="entered_in_error", time=LATER + timedelta(hours=9))
EVERYTHING = [
    booked(), INCIDENT, NAMELESS, NUMBERED, WITH_SON, SON_BY_MISTAKE, NOT_PREGNANT, LOSS, TWINS,
    TAKEN_BACK, missed("missed", 1), missed("again", 2, missed_in_pregnancy=4),
    JOINED, SON_JOINED, death_of_the_mother(), arriving(registration(DORA)),
]  # fmt: skip


def remembered(events: Sequence[Event]) -> Remembering:
    """What a ledger would know of these, one hour after the other."""
    book = Remembering(staffordshire())
    for place, event in enumerate(events):
        book.receive(event, LATER + timedelta(hours=place))
    return book


def by_footings(book: Remembering) -> FootedHistory:
    light = next(
        footed(history, stored)
        for history, stored in book.histories()
        if history.occurrence_id == CASE
    )
    assert light is not None
    return light


@settings(max_examples=15, deadline=None)
@given(
    st.lists(st.sampled_from(EVERYTHING), min_size=2, max_size=7, unique_by=lambda e: e.id),
    st.sets(st.sampled_from(NAMES), max_size=60),
)
def test_whatever_became_of_them_footings_say_what_the_whole_decision_says(
    events: list[Event], gone: set[str]
) -> None:
    book = remembered(events)

    for rulebook in (staffordshire(), past(), without(*gone)):
        same_answers(rulebook, book)


@settings(max_examples=10, deadline=None)
@given(
    st.permutations(EVERYTHING),
    st.sets(st.sampled_from([name for name in NAMES if name.startswith("da-")]), max_size=4),
)
def test_the_sieve_lets_go_only_what_no_ending_makes_another(
    events: list[Event], gone: set[str]
) -> None:
    book, other = remembered(events[:6]), without(*gone)
    sieves = Sieves(other, {book.rulebook.content_hash: book.rulebook.files})
    sieves._made[book.rulebook.content_hash] = sieve(book.rulebook, other)

    for known, stored in book.histories():
        if not may_differ(list(map(scanned, known.points, stored)), sieves):
            assert differences(known, other) == ()


def decided_by_footings(events: Sequence[Event], rulebook: Rulebook) -> bool:
    """Whether the incident needs nothing but its footings; that it is the same, is told above."""
    book = remembered(events)
    assert sum(same_answers(rulebook, book)) == len(book.histories())
    return standing_by_footings(by_footings(book), Teller(rulebook)) is not None


def test_a_loss_a_birth_and_two_who_are_one_need_no_whole_decision() -> None:
    same = staffordshire()

    assert decided_by_footings([booked(), INCIDENT, LOSS], same)
    assert decided_by_footings([booked(), INCIDENT, LOSS, TAKEN_BACK], same)
    assert decided_by_footings([booked(), INCIDENT, TWINS, death_of_the_mother()], same)
    assert decided_by_footings([booked(), INCIDENT, JOINED], same)
    assert decided_by_footings([INCIDENT, WITH_SON, SON_JOINED, LOSS], same)


def test_a_loss_of_which_it_is_learned_with_the_number_is_let_rest() -> None:
    """It was known before; only whose it was that the police told of was not."""
    events = [booked(), LOSS, NAMELESS, NUMBERED]

    assert decided_by_footings(events, staffordshire())
    first, last = by_footings(remembered(events)).points
    assert (first.is_late, last.is_late) == (False, False)
    teller, light = Teller(staffordshire()), by_footings(remembered(events))
    told = standing_by_footings(replace(light, points=(first,)), teller)
    left = standing_by_footings(light, teller)
    assert told is not None
    assert left is not None
    assert told.keys() - left.keys()


def test_what_was_told_of_a_lost_pregnancy_alone_is_taken_back_as_a_whole() -> None:
    twice = [missed("missed", 1), missed("again", 2, missed_in_pregnancy=4)]
    book = remembered([booked(), *twice, LOSS])

    for rulebook in (staffordshire(), past()):
        assert sum(same_answers(rulebook, book)) == len(book.histories())

    [footing] = [
        stored[-1].footing
        for _, stored in book.histories()
        if stored[0].type is EventType.MATERNITY_APPOINTMENT_MISSED
    ]
    assert footing is not None
    assert footing.takes_back
    assert footing.people == ()


def test_where_two_numbers_are_one_persons_more_may_be_taken_back_than_a_footing_holds() -> None:
    [first, *_, last] = by_footings(remembered([booked(), INCIDENT, JOINED])).points

    assert (first.footing.rests_on_more, last.footing.rests_on_more) == (False, True)


def test_what_a_mistake_takes_back_is_left_to_the_whole_decision() -> None:
    assert not decided_by_footings([INCIDENT, WITH_SON, SON_BY_MISTAKE], staffordshire())
    assert decided_by_footings([INCIDENT, SON_BY_MISTAKE], staffordshire())


def test_a_footing_holds_who_was_lost_and_what_was_owed_before() -> None:
    [*_, last] = by_footings(remembered([booked(), INCIDENT, TWINS])).points

    assert len(last.footing.lost) == 1
    assert len(last.footing.unended) == 1
    assert not last.footing.takes_back
