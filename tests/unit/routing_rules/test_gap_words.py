"""Gaps in words where the directory is asked with more than fields can say, and gaps in doubt."""

from dataclasses import replace

import pytest

from routing_rules.boxes import Budget
from routing_rules.example_events import example_of
from routing_rules.example_times import Unbuildable
from routing_rules.gap_check import doubt_about
from routing_rules.gap_point import Point, points_of
from routing_rules.gap_report import report_gap
from routing_rules.proof import prove
from routing_rules.proof_places import Asked
from routing_rules.region_words import region_in_words
from schemas.values import EventType
from tests.builders import rulebook_files, staffordshire
from tests.promise_kit import gap_reports, ground, promise, promising

MANY = 10_000_000
EMERGENCY = ground(staffordshire(), EventType.EMERGENCY_ATTENDANCE)
TELLING_BOOKED = promise(
    """
    event: police domestic abuse
    about: {role: victim, pregnant: yes, booking: with a listed provider}
    is told: [midwifery]
    """
)


def words(asked: Asked, *numbers: int) -> tuple[str, ...]:
    """A region in which the directory is asked with these values."""
    return region_in_words(EMERGENCY.space.asked(asked, numbers), EMERGENCY, Budget(MANY))


def test_a_provider_is_named_and_so_is_one_that_nobody_lists() -> None:
    providers = EMERGENCY.space.places.providers
    first, unlisted, none = 0, len(providers) - 2, len(providers) - 1

    assert words(Asked.PROVIDER, providers.index("RJE")) == (
        "booked provider Trentvale University Hospitals",
    )
    assert words(Asked.PROVIDER, first, unlisted)[0].endswith("or one that is not listed")
    assert words(Asked.PROVIDER, first, none)[0].endswith("or none")
    assert words(Asked.PROVIDER, none) == ("booking none",)


def test_hospitals_and_schools_are_named_and_many_are_counted() -> None:
    sites, schools = EMERGENCY.space.places.sites, EMERGENCY.space.places.schools
    unlisted = next(n for n, each in enumerate(schools) if each.urn == "999999")
    unknown = next(n for n, each in enumerate(schools) if each.urn is None)

    assert words(Asked.SITE, sites.index("RJF-QUEENS-ED")) == ("attending hospital RJF-QUEENS-ED",)
    assert words(Asked.SITE, len(sites) - 1) == ("hospital unknown",)
    (told,) = words(Asked.SCHOOL, 0, unlisted, unknown)
    assert told.startswith("school attended state in Cannock Chase, state, not in the directory")
    assert told.endswith(" or state, which one is not known")
    assert words(Asked.SCHOOL, *range(8))[0].endswith("or 4 more")


def test_numbers_are_said_as_rules_say_them() -> None:
    space = EMERGENCY.space

    def age(low: int, high: int, *, or_unknown: bool = False) -> str:
        piece = space.between("age", low, high, or_unknown=or_unknown)
        return next(
            each
            for each in region_in_words(piece, EMERGENCY, Budget(MANY))
            if each.startswith(("age", "stage"))
        )

    assert age(0, 5) == "age under 6"
    assert age(18, 130, or_unknown=True) == "age at least 18 or unknown"
    assert age(4, 5) == "age 4 to 5"
    assert age(4, 4) == "age exactly 4"
    assert age(0, 130) == "age known"


def test_a_rule_that_is_always_too_late_or_tells_no_team_says_so() -> None:
    late = promise(
        """
        event: marac outcome
        about: {role: unborn}
        is told or MASH owns it: [midwifery]
        is told within: immediate
        """
    )
    teams = rulebook_files("staffordshire")["directory/teams.csv"]
    none = "\n".join(line for line in teams.splitlines() if ":midwifery," not in line) + "\n"
    booked = promise("event: marac outcome\nabout: {role: unborn}\nis told: [midwifery]")

    (too_late,) = gap_reports(promising(late))
    (no_team,) = gap_reports(promising(booked, **{"directory/teams.csv": none}))

    assert too_late.nearest.endswith("it tells them next working day only")
    assert "midwifery team" in no_team.nearest


def test_a_practice_that_is_told_in_place_of_another_service_does_not_count() -> None:
    rules = rulebook_files("staffordshire")["rules/marac.yaml"]
    odd = rules.replace("- gp: at the registered practice", "- camhs: at the registered practice")
    text = promise(
        "event: marac outcome\nabout: {role: victim, practice: listed}\nis told: [camhs]"
    )

    (gap,) = gap_reports(promising(text, **{"rules/marac.yaml": odd}))

    assert gap.example.doubt is None


def test_a_region_that_takes_too_many_steps_is_still_a_gap() -> None:
    text = promise("event: marac outcome\nabout: {role: unborn}\nis told: [camhs]")
    rulebook = promising(text)
    (only,) = rulebook.promises.promises
    own = ground(rulebook, only.event)
    (gap,) = prove(only, own).gaps

    report = report_gap(only, gap, own, steps=1)

    assert report.region == ("a region that takes too many steps to describe",)
    assert report.example.doubt is None


def test_no_example_is_made_of_what_the_calendar_forbids_or_nobody_could_match() -> None:
    layout, space = EMERGENCY.space.layout, EMERGENCY.space
    piece = space.choose("stage", ["before school"]) & space.between("age", 18, 20)
    unmatched = (
        space.choose("also victim", ["yes"])
        & space.choose("role", ["dependant"])
        & space.choose("stage", ["unknown"])
        & space.between("age", 1, 0, or_unknown=True)
    )
    for name in ("attendances in 91 days", "attendances in 183 days"):
        unmatched &= layout.only(name, layout.values(name, [layout.sizes[name] - 1]))

    with pytest.raises(Unbuildable, match="no day within a year"):
        example_of(next(points_of(piece, space)), staffordshire())
    with pytest.raises(Unbuildable, match="nobody can be matched"):
        example_of(next(points_of(unmatched, space)), staffordshire())


def test_an_example_that_came_out_otherwise_or_was_refused_is_in_doubt() -> None:
    county = staffordshire()
    promised = county.promises.promises[0]
    own = ground(county, promised.event)
    (hypothesis,) = own.reading.where(*promised.when, *promised.about)
    point = next(points_of(next(own.possible(hypothesis, Budget(MANY))), own.space))
    example = example_of(point, county)
    other = Point(own.space, {**point.numbers, "sex": 1 - point.numbers["sex"]})
    refused = replace(example, event={**example.event, "data": {}})

    assert doubt_about(promised, None, other, example, rulebook=county) == (
        "the example came out otherwise in: sex"
    )
    assert str(doubt_about(promised, None, point, refused, rulebook=county)).startswith(
        "the example is refused: "
    )
