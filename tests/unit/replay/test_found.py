"""What processes hand over of a replay: packed, counted, and unpacked as it was."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing_rules.footing_memory import Notice
from routing_rules.footing_replay import Owed, Standing, tellings_of, whom
from routing_rules.reconcile import Identity
from routing_rules.replaying import Change, Telling, differences_of
from schemas.values import EventType, NotificationKind, Service
from services.ledger.replay_scan import Told
from services.ledger.replaying import Happening
from services.replay.found import AllFound, Packed, differing, line_of, lines_between, week_of

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
OCCURRENCE = UUID(int=7)
REASONS = '[{"rule": "one", "why": "it is"}, {"rule": "two", "why": "it is too"}]'


def happening(at: datetime = AT) -> Happening:
    return Happening("urn:a", "event-1", EventType.POLICE_DOMESTIC_ABUSE, at)


def identity(person: str, service: Service, stands_for: Service | None) -> Identity:
    kind = NotificationKind.EXCEPTION if stands_for else NotificationKind.NOTIFY
    return (person, service.value, f"Y9:{service.value}", kind.value, stands_for or "")


IDENTITIES = st.builds(
    identity,
    st.sampled_from(("ref:a", "ref:b")),
    st.sampled_from((Service.MIDWIFERY, Service.GP, Service.MASH)),
    st.sampled_from((None, Service.CAMHS)),
)


def told(numbered: int, person: str) -> Told:
    ids = UUID(int=numbered), UUID(int=1000 + numbered)
    return Told(f"ref of {person}", "E07000192", REASONS, *ids)


def owed(each: Identity) -> Owed:
    stands_for = Service(each[4]) if each[4] else None
    notice = Notice(Service(each[1]), each[2], stands_for, ("three",))
    return Owed(f"ref of {each[0]}", None, notice)


def as_telling(each: Identity, was: Told) -> Telling:
    return Telling(
        identity=each,
        ref=was.ref,
        service=Service(each[4] or each[1]),
        recipient=each[2],
        kind=NotificationKind(each[3]),
        district=was.district,
        rules=was.rules,
        duty_id=was.duty_id,
        notification_id=was.notification_id,
    )


@given(st.sets(IDENTITIES), st.sets(IDENTITIES))
def test_what_is_unpacked_is_what_the_whole_decision_says(
    were: set[Identity], would: set[Identity]
) -> None:
    was = {each: told(number, each[0]) for number, each in enumerate(sorted(were))}
    stands: Standing = {each: owed(each) for each in would}
    tellings = [as_telling(each, what) for each, what in was.items()]
    whole = differences_of(OCCURRENCE, tellings, tellings_of(stands))

    lines = lines_between(was, stands)
    found = list(Packed.of([differing(OCCURRENCE, happening(), lines)]).found())

    assert lines == list(map(line_of, whole))
    assert [each.difference for each in found] == list(whole)
    assert all((each.occurrence_id, each.event_id) == (OCCURRENCE, "event-1") for each in found)


def a_part(occurrence: int, at: datetime, newly: int) -> Packed:
    stands: Standing = {
        each: owed(each) for each in (identity(f"ref:{n}", Service.GP, None) for n in range(newly))
    }
    lines = lines_between({}, stands)
    return Packed.of([differing(UUID(int=occurrence), happening(at), lines)])


def test_parts_are_one_sequence_of_which_a_page_unpacks_the_beginning() -> None:
    later = AT + timedelta(days=7)

    found = AllFound([a_part(1, AT, 2), a_part(2, AT, 0), a_part(3, later, 3)])

    assert len(found) == 5
    assert [each.occurrence_id.int for each in found] == [1, 1, 3, 3, 3]
    assert list(found[:3]) == list(found)[:3]
    assert found[-1] == list(found)[-1]
    assert list(found.newly_told()) == list(found)
    assert {group.week: n for group, n in found.counts.items()} == {
        "2026-03-02": 2,
        "2026-03-09": 3,
    }
    with pytest.raises(IndexError):
        _ = found[5]


def test_an_occurrence_that_happened_first_comes_first() -> None:
    lines = lines_between({identity("ref:a", Service.GP, None): told(1, "ref:a")}, {})
    later = differing(UUID(int=1), happening(AT + timedelta(minutes=1)), lines)

    found = list(Packed.of([later, differing(UUID(int=2), happening(), lines)]).found())

    assert [each.occurrence_id.int for each in found] == [2, 1]
    assert {each.difference.change for each in found} == {Change.NO_LONGER_TOLD}


def test_a_week_begins_on_a_monday_in_london() -> None:
    assert week_of(datetime(2026, 6, 14, 22, 59, tzinfo=UTC)) == "2026-06-08"
    assert week_of(datetime(2026, 6, 14, 23, tzinfo=UTC)) == "2026-06-15"


def test_an_exception_counts_for_the_service_that_it_stands_for() -> None:
    assert whom(identity("ref:a", Service.MASH, Service.CAMHS)) == ("ref:a", Service.CAMHS)
