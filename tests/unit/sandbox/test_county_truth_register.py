"""What the county's truth makes of identities, births and losses, by its own lights."""

from datetime import UTC, datetime
from typing import Any

from services.sandbox.county_truth_people import folded
from services.sandbox.county_truth_register import Published

MOTHER, CHILD, SECOND, BABY = "9995000008", "9995000016", "9995000024", "9995000032"
AT = datetime(2026, 11, 16, 12, tzinfo=UTC)


def published(*told: dict[str, Any]) -> Published:
    everything = Published(frozenset({MOTHER, CHILD, SECOND, BABY}))
    for each in told:
        everything.take(each)
    return everything


def changed(reason: str, day: int, from_: str = SECOND, to: str | None = CHILD) -> dict[str, Any]:
    told = {"from": from_, "reason": reason, "recorded_at": f"2026-11-{day:02d}T09:00:00+00:00"}
    return told if to is None else told | {"to": to}


def registered(number: str, practice: str) -> dict[str, Any]:
    person = {"nhs_number": number, "gp_practice": practice}
    return {"person": person, "recorded_at": "2026-10-01T09:00:00+00:00"}


LINK = {"from": MOTHER, "to": CHILD, "is": "parent"}


def birth(outcome: str, day: str = "2026-11-10") -> dict[str, Any]:
    baby = {"order": 1, "nhs_number": BABY, "nhs_number_status": "verified", "outcome": outcome}
    people = {"mother": {"nhs_number": MOTHER}, "baby1": baby}
    return {"pregnancy_id": "MAT-1", "born_on": day, "people": people}


def test_merged_numbers_are_one_persons_until_they_are_parted() -> None:
    records = (registered(CHILD, "Y90001"), changed("merged", 2))

    joined = published(*records)
    parted = published(*records, changed("unmerged", 3))

    assert joined.same_as(SECOND) == {CHILD, SECOND}
    assert (joined.known(SECOND, AT) or {})["gp_practice"] == "Y90001"
    assert parted.same_as(SECOND) == {SECOND}
    assert parted.known(SECOND, AT) is None


def test_an_unmerge_that_was_recorded_before_parts_nothing() -> None:
    assert published(changed("unmerged", 1), changed("merged", 2)).holder(SECOND) == CHILD


def test_nothing_leads_to_who_is_protected() -> None:
    before = published(LINK)
    after = published(LINK, changed("merged", 2), changed("protected", 3, CHILD, None))

    assert before.children(MOTHER, AT) == {CHILD}
    assert after.children(MOTHER, AT) == frozenset()
    assert after.holder(SECOND) == SECOND


def test_a_baby_is_its_mothers_from_its_birth_on_and_not_if_it_died() -> None:
    lives, died = published(), published()

    lives.endings.take("birth", birth("live"))
    died.endings.take("birth", birth("died"))

    assert lives.children(MOTHER, AT) == {BABY}
    assert lives.children(MOTHER, datetime(2026, 11, 9, 12, tzinfo=UTC)) == frozenset()
    assert died.children(MOTHER, AT) == frozenset()
    assert died.endings.has_lost_all("MAT-1")


def test_a_death_that_is_told_later_is_the_only_babys() -> None:
    everything = published()
    everything.endings.take("birth", birth("live"))
    end = {"pregnancy_id": "MAT-1", "ended_on": "2026-11-12", "outcome": "neonatal_death"}

    everything.endings.take("end", end | {"people": {}})

    assert everything.endings.is_lost(BABY)
    assert everything.endings.has_lost("MAT-1", 1)


def booked(provider: str | None, at: str, due: str = "2027-03-01", **told: str) -> dict[str, Any]:
    by = {} if provider is None else {"provider": provider}
    when = {"booked_at": f"{at}T10:00:00+00:00", "expected_due_date": due}
    return {"pregnancy_id": "MAT-1", "mother": {"nhs_number": MOTHER}, **by, **when, **told}


def test_a_booking_is_as_it_stood_at_the_time_whatever_came_first() -> None:
    everything = published()
    everything.take(booked("RJF", "2026-11-10", due="2027-03-09"), "2026-11-10T10|2")
    everything.take(booked("RJE", "2026-09-01"), "2026-09-01T10|1")

    before = everything.booked(MOTHER, datetime(2026, 11, 9, 12, tzinfo=UTC))
    now = everything.booked(MOTHER, AT)

    assert before is not None
    assert (before.provider, before.due.isoformat()) == ("RJE", "2027-03-09")
    assert now is not None
    assert (now.provider, now.pregnancy_id) == ("RJF", "MAT-1")
    assert everything.booked(MOTHER, datetime(2026, 8, 31, 12, tzinfo=UTC)) is None


def test_a_provider_that_is_left_blank_is_not_taken_back() -> None:
    everything = published(booked("RJE", "2026-09-01"), booked(None, "2026-09-01"))

    now = everything.booked(MOTHER, AT)

    assert now is not None
    assert now.provider == "RJE"


def test_a_booking_that_was_an_error_books_nobody() -> None:
    right = booked("RJE", "2026-09-01")
    wrong = booked("RJE", "2026-09-01", status="entered_in_error")

    assert published(right).booked(MOTHER, AT) is not None
    assert published(right, wrong).booked(MOTHER, AT) is None
    assert published(right, wrong, right).booked(MOTHER, AT) is not None


def expected_by(father: str = SECOND, **told: Any) -> dict[str, Any]:
    return {"from": father, "to": "MAT-1", "is": "parent", **told}


def test_what_is_told_anew_after_an_error_stands_whether_or_not_it_says_so() -> None:
    told = [("1", {}), ("2", {"status": "entered_in_error"}), ("3", {"provider": "RJE"})]

    assert folded(told[:2], frozenset())["status"] == "entered_in_error"
    assert folded(told, frozenset())["status"] == "new"


def test_a_father_of_an_unborn_child_is_the_babys_once_it_is_born_and_lives() -> None:
    expecting = published(expected_by())
    assert expecting.children(SECOND, AT) == frozenset()

    expecting.endings.take("birth", birth("live"))
    assert expecting.children(SECOND, AT) == {BABY}
    assert expecting.children(SECOND, datetime(2026, 11, 9, 12, tzinfo=UTC)) == frozenset()

    expecting.endings.take("birth", birth("died"))
    assert expecting.children(SECOND, AT) == frozenset()


def test_a_link_to_an_unborn_child_that_was_a_mistake_leads_to_nobody_in_any_order() -> None:
    wrong = expected_by(status="entered_in_error")
    for told in ((expected_by(), wrong), (wrong, expected_by())):
        everything = published(*told)
        everything.endings.take("birth", birth("live"))
        assert everything.children(SECOND, AT) == frozenset()


def test_nothing_leads_to_a_baby_by_way_of_a_mother_who_is_protected() -> None:
    hidden = published(expected_by(), changed("protected", 3, MOTHER, None))
    hidden.endings.take("birth", birth("live"))

    assert hidden.children(SECOND, AT) == frozenset()
