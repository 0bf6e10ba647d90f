"""What a teller remembers changes no answer: by day, by night, and of whom more must be asked."""

from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic_core import to_json

from routing_rules.explain import Casebook
from routing_rules.footing_reading import Footing, read_footing
from routing_rules.footing_telling import Asked, Teller, ToldOf
from schemas.events import Event
from schemas.values import EventType, Service
from tests.builders import NOW, a_person, an_event, at_home, attendance, police, staffordshire
from tests.histories import county_book

POLICE = EventType.POLICE_DOMESTIC_ABUSE
OCCURRENCE = UUID(int=7)
RULEBOOK = staffordshire()
REMEMBERING = Teller(RULEBOOK)
ASKING = Teller(RULEBOOK, most=0)
NIGHT = NOW + timedelta(hours=8)


def a_footing(at: datetime = NOW) -> Footing:
    """A pregnant victim at high risk from where no team is listed, and a child from the county."""
    victim = a_person(number=1, pregnant="yes", address={"district": "E08000025"})
    child = a_person("child_present", ref="c", number=3, date_of_birth="2023-02-02", **at_home())
    return footing_of(an_event(POLICE, police(victim, child, risk="high"), time=at), at)


def footing_of(event: Event, at: datetime = NOW) -> Footing:
    outcome = Casebook(RULEBOOK).receive(event, at)
    assert outcome is not None
    footing = read_footing(to_json(outcome.footing))
    assert footing is not None
    return footing


FOOTING = a_footing()


def a_fourth_attendance() -> Footing:
    """Of a child who came four times in half a year."""
    child = a_person("patient", number=3, date_of_birth="2023-02-02", **at_home())
    footing = footing_of(an_event(EventType.EMERGENCY_ATTENDANCE, attendance(child)))
    [patient] = footing.people
    features = msgspec.json.decode(patient.features) | {"attendances in 183 days": 4}
    stored = msgspec.Raw(msgspec.json.encode(features))
    return msgspec.structs.replace(
        footing, people=(msgspec.structs.replace(patient, features=stored),)
    )


def told(teller: Teller, footing: Footing, event_type: EventType = POLICE) -> list[ToldOf]:
    return list(teller.told(Asked(footing, event_type, OCCURRENCE)))


def recipients(told: list[ToldOf]) -> set[str]:
    return {notice.recipient for each in told for notice in each.notices}


def test_who_stands_in_for_a_closed_team_is_told_at_night_only_though_all_else_is_alike() -> None:
    teller = Teller(RULEBOOK)
    by_day, by_night = FOOTING, msgspec.structs.replace(FOOTING, publications=(NIGHT,))

    answers = [told(teller, each) for each in (by_day, by_night, by_day, by_night)]

    assert answers[:2] == answers[2:] == [told(ASKING, by_day), told(ASKING, by_night)]
    assert any("emergency-duty" in each for each in recipients(answers[1]))
    assert not any("emergency-duty" in each for each in recipients(answers[0]))


@settings(deadline=None)
@given(st.lists(st.integers(0, 7 * 24 * 4), min_size=1, max_size=3))
def test_whatever_the_hours_of_the_week_it_says_what_asking_says(quarters: list[int]) -> None:
    times = tuple(NOW + timedelta(minutes=15 * each) for each in quarters)
    footing = msgspec.structs.replace(FOOTING, publications=times)

    assert told(REMEMBERING, footing) == told(ASKING, footing)


def test_two_refs_of_one_human_are_told_of_once() -> None:
    victim, *others = FOOTING.people
    again = msgspec.structs.replace(victim, ref="again", human=victim.ref)
    footing = msgspec.structs.replace(FOOTING, people=(victim, again, *others))

    answer = told(REMEMBERING, footing)

    assert answer == told(ASKING, footing)
    assert [each.ref for each in answer] == [each.ref for each in told(ASKING, FOOTING)]


def test_everybody_is_forgotten_when_there_is_no_more_room_and_answered_all_the_same() -> None:
    forgetful = Teller(RULEBOOK, most=3)

    for _, decisions in county_book(60).histories():
        for stored in decisions:
            if stored.footing is not None:
                asked = told(ASKING, stored.footing, stored.type)
                assert told(forgetful, stored.footing, stored.type) == asked
                assert told(REMEMBERING, stored.footing, stored.type) == asked


def test_another_booking_is_another_answer() -> None:
    [victim, *_] = FOOTING.people
    places = {**msgspec.json.decode(victim.places), "provider": "RJE"}
    elsewhere = msgspec.structs.replace(victim, places=msgspec.Raw(msgspec.json.encode(places)))
    footing = msgspec.structs.replace(FOOTING, people=(elsewhere,))

    answer = told(REMEMBERING, footing)

    assert answer == told(ASKING, footing)
    midwives = {n.recipient for n in answer[0].notices if n.service is Service.MIDWIFERY}
    assert midwives == {"RJE:midwifery"}


def test_a_rule_that_fired_a_month_ago_fires_not_again_though_all_else_is_alike() -> None:
    footing = a_fourth_attendance()
    [child] = footing.people
    lately, long_ago = NOW - timedelta(days=30), NOW - timedelta(days=3000)
    rules = ("ed-frequent-child", "ed-frequent-child-health-visitor")

    def when_it_fired(at: datetime) -> Footing:
        fired = msgspec.structs.replace(child, fired=tuple((rule, at) for rule in rules))
        return msgspec.structs.replace(footing, people=(fired,))

    every = [footing, when_it_fired(lately), when_it_fired(long_ago)] * 2
    answers = [told(REMEMBERING, each, EventType.EMERGENCY_ATTENDANCE) for each in every]

    assert answers == [told(ASKING, each, EventType.EMERGENCY_ATTENDANCE) for each in every]
    assert answers[0] == answers[2] != answers[1]
