"""What is live, what was, and what may be ordered of a version, as the record stands."""

from datetime import UTC, date, datetime, timedelta

import pytest

from services.ledger.rulebook_allowed import (
    Signer,
    Standing,
    goes_live_on,
    person_of,
    proposal_to_countersign,
    refuse_if_overtaken,
    standing,
    version_to_roll_back_to,
)
from services.ledger.rulebook_record import (
    Activation,
    Kind,
    Proposal,
    Record,
    Said,
    Step,
    VersionRefused,
)

AT = datetime(2026, 3, 6, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
FIRST, SECOND, THIRD = "a" * 64, "b" * 64, "abc" + "c" * 61
NAMES = dict.fromkeys((FIRST, SECOND, THIRD), "county")
OTHER = Signer("Mo Example", "named midwife", "read")


def said(at: datetime = AT, by: str = "Nina Example") -> Said:
    return Said(at, by, "named nurse", "why")


def ordered(
    number: int,
    version: str,
    at: datetime,
    *,
    live_from: datetime | None = None,
    kind: Kind = Kind.COUNTERSIGNED,
) -> Activation:
    return Activation(number, version, kind, None, live_from, said(at))


def record(*activations: Activation, proposals: tuple[Proposal, ...] = ()) -> Record:
    return Record(NAMES, proposals, activations)


def proposed(**changes: object) -> Proposal:
    known: dict[str, object] = {
        "proposal_no": 1,
        "content_hash": SECOND,
        "compared_with": FIRST,
        "live_from": None,
        "passed": True,
        "outcome": {"because": ["it promises nothing"]},
        "proposed": said(),
        "signatures": {Step.SIGNED: said()},
    }
    return Proposal(**{**known, **changes})  # type: ignore[arg-type]


def test_the_last_order_whose_time_has_come_is_live() -> None:
    known = record(ordered(1, FIRST, AT), ordered(2, SECOND, AT + HOUR, live_from=AT + 3 * HOUR))

    assert record().live(AT) is None
    assert record().scheduled(AT) is None
    for hours, version in ((0, FIRST), (2, FIRST), (3, SECOND), (9, SECOND)):
        found = known.live(AT + hours * HOUR)
        assert found is not None
        assert found.content_hash == version
    assert known.scheduled(AT + 2 * HOUR) == known.activations[1]
    assert known.scheduled(AT + 3 * HOUR) is None


def test_what_is_ordered_at_once_is_live_though_the_clock_of_who_ordered_it_was_ahead() -> None:
    known = record(ordered(1, FIRST, AT), ordered(2, SECOND, AT + 24 * HOUR))

    live = known.live(AT)

    assert live is not None
    assert live.content_hash == SECOND


def test_a_roll_back_takes_the_place_of_what_was_still_to_go_live() -> None:
    known = record(
        ordered(1, FIRST, AT),
        ordered(2, SECOND, AT, live_from=AT + 3 * HOUR),
        ordered(3, FIRST, AT + HOUR, kind=Kind.ROLLED_BACK),
    )

    later = AT + 9 * HOUR
    live = known.live(later)
    assert live is not None
    assert live.activation_no == 3
    assert known.scheduled(AT + 2 * HOUR) is None
    assert [each.activation_no for each in known.reigns(later)] == [1, 3]


@pytest.mark.parametrize(
    "named", ["bbbbbb", "BBBBBBBB", f"sha256:{SECOND}", f"county@sha256:{SECOND}"]
)
def test_a_version_is_named_by_its_first_digits_or_its_label(named: str) -> None:
    assert record().version(named) == SECOND


@pytest.mark.parametrize(
    ("named", "why"),
    [("bbb", "by the first digits"), ("dddddd", "keeps no version"), ("", "keeps no version")],
)
def test_what_names_no_version_is_refused(named: str, why: str) -> None:
    with pytest.raises(VersionRefused, match=why):
        record().version(named)


def test_what_names_several_versions_is_refused() -> None:
    several = Record(dict.fromkeys(("abcdef1", "abcdef2"), "county"), (), ())

    with pytest.raises(VersionRefused, match="give more digits"):
        several.version("abcdef")


def test_a_person_is_the_same_however_the_name_is_spaced_and_written() -> None:
    assert person_of("Nina  Example") == person_of(" nina example ")
    assert person_of("Nina Example") != person_of("Mo Example")


def test_it_goes_live_on_the_day_in_london_and_never_before_now() -> None:
    summer_night = datetime(2026, 6, 5, 23, 30, tzinfo=UTC)

    assert goes_live_on(proposed(), summer_night) == date(2026, 6, 6)
    later = proposed(live_from=AT + 72 * HOUR)
    assert goes_live_on(later, AT) == date(2026, 3, 9)
    assert goes_live_on(later, AT + 240 * HOUR) == date(2026, 3, 16)


def test_a_signed_proposal_may_be_countersigned_by_somebody_else() -> None:
    known = record(ordered(1, FIRST, AT), proposals=(proposed(),))

    assert proposal_to_countersign(known, SECOND, OTHER, AT) == proposed()


@pytest.mark.parametrize(
    ("proposal", "signer", "why"),
    [
        (proposed(signatures={}), OTHER, "a rule owner must sign it first"),
        (proposed(), Signer("NINA EXAMPLE ", "x", "y"), "somebody else must countersign"),
        (proposed(passed=False), OTHER, "it did not pass: it promises nothing"),
        (proposed(compared_with=THIRD), OTHER, "another version has gone live"),
        (proposed(compared_with=None), OTHER, "another version has gone live"),
        (proposed(content_hash=THIRD), OTHER, "never proposed"),
        (
            proposed(signatures={Step.SIGNED: said(), Step.REJECTED: said()}),
            OTHER,
            "has rejected it",
        ),
        (
            proposed(signatures={Step.SIGNED: said(), Step.COUNTERSIGNED: said()}),
            OTHER,
            "countersigned already",
        ),
    ],
)
def test_what_may_not_be_countersigned_says_why(
    proposal: Proposal, signer: Signer, why: str
) -> None:
    known = record(ordered(1, FIRST, AT), proposals=(proposal,))

    with pytest.raises(VersionRefused, match=why):
        proposal_to_countersign(known, SECOND, signer, AT)


def test_nothing_is_countersigned_while_another_is_still_to_go_live() -> None:
    known = record(
        ordered(1, FIRST, AT),
        ordered(2, THIRD, AT, live_from=AT + HOUR),
        proposals=(proposed(),),
    )

    with pytest.raises(VersionRefused, match="still to go live"):
        proposal_to_countersign(known, SECOND, OTHER, AT)


def test_a_roll_back_goes_to_what_was_live_before_and_not_further_when_typed_twice() -> None:
    first, second = ordered(1, FIRST, AT), ordered(2, SECOND, AT + HOUR)
    back = ordered(3, FIRST, AT + 2 * HOUR, kind=Kind.ROLLED_BACK)

    assert version_to_roll_back_to(record(first, second), None, AT + HOUR) == FIRST
    with pytest.raises(VersionRefused, match="Nina Example has rolled back to county aaaaaaaaaaaa"):
        version_to_roll_back_to(record(first, second, back), None, AT + 3 * HOUR)
    assert version_to_roll_back_to(record(first, second, back), SECOND, AT + 3 * HOUR) == SECOND


def test_a_roll_back_goes_only_to_what_has_been_live() -> None:
    first = record(ordered(1, FIRST, AT))
    waiting = record(ordered(1, FIRST, AT), ordered(2, SECOND, AT, live_from=AT + HOUR))

    with pytest.raises(VersionRefused, match="nothing is live"):
        version_to_roll_back_to(record(), None, AT)
    with pytest.raises(VersionRefused, match="nothing else has been live"):
        version_to_roll_back_to(first, None, AT)
    with pytest.raises(VersionRefused, match="never been live"):
        version_to_roll_back_to(waiting, SECOND, AT)


@pytest.mark.parametrize(
    ("shown", "now", "refused"),
    [
        (Standing(SECOND, None), [], None),
        (Standing(SECOND, None), [ordered(3, FIRST, AT + HOUR)], None),  # it was done meanwhile
        (Standing(SECOND, None), [ordered(3, THIRD, AT + HOUR)], "is live by order of Nina"),
        (Standing(None, None), [], "is live by order of Nina"),
        (
            Standing(SECOND, None),
            [ordered(3, THIRD, AT, live_from=AT + 9 * HOUR)],
            "is to go live by order of Nina",
        ),
        (Standing(SECOND, THIRD), [ordered(3, THIRD, AT, live_from=AT + 9 * HOUR)], None),
        (Standing(SECOND, THIRD), [], None),  # it was withdrawn meanwhile
        (
            Standing(SECOND, THIRD),
            [ordered(3, THIRD, AT, live_from=AT + HOUR)],
            "is live by order of Nina",
        ),
    ],
)
def test_a_roll_back_does_what_was_shown_or_nothing(
    shown: Standing, now: list[Activation], refused: str | None
) -> None:
    found = record(ordered(1, FIRST, AT), ordered(2, SECOND, AT), *now)

    if refused is None:
        refuse_if_overtaken(found, shown, FIRST, AT + 2 * HOUR)
    else:
        with pytest.raises(VersionRefused, match=refused):
            refuse_if_overtaken(found, shown, FIRST, AT + 2 * HOUR)


def test_what_stands_is_what_is_live_and_what_is_to_come() -> None:
    coming = ordered(2, SECOND, AT, live_from=AT + HOUR)

    assert standing(record(), AT) == Standing(None, None)
    assert standing(record(ordered(1, FIRST, AT), coming), AT) == Standing(FIRST, SECOND)
    assert standing(record(ordered(1, FIRST, AT), coming), AT + HOUR) == Standing(SECOND, None)
