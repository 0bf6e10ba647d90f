"""What may be told of a household of the synthetic county of which more is told than of others."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

from routing_rules.decision import Json
from services.sandbox.county_community import (
    contact,
    not_brought,
    relapse_plan,
)
from services.sandbox.county_emergency import departed_from
from services.sandbox.county_places import Places
from services.sandbox.county_reports import Report, Scene, person, saying
from services.sandbox.county_residents import Resident
from services.sandbox.county_social_care import exploitation

Tell = Callable[[Places, Scene], Report]
"""What is told of such a family; the county has every publisher that it needs."""


def days_ago(scene: Scene) -> Scene:
    """A scene of some days before: what the register tells now, it recorded then."""
    return replace(scene, at=scene.at - timedelta(days=5))


def child(scene: Scene, given: str) -> Resident:
    """The child of that name."""
    return next(each for each in scene.children if each.given == given)


def social_care_of(places: Places) -> str:
    """The publisher of social care."""
    return places.social_care or ""


def left_untreated(places: Places, scene: Scene, who: Resident, *concerns: str) -> Report:
    """Somebody who leaves a department untreated, at high risk."""
    told = departed_from(places.sites[0], scene, who, concerns=concerns)
    return saying(
        told,
        category="unplanned_first",
        disposal="left_before_treatment",
        perceived_risk="high",
    )


def child_left_untreated(
    places: Places, scene: Scene, *, given: str, concerns: Sequence[str]
) -> Report:
    """The same of a child, by name."""
    return left_untreated(places, scene, child(scene, given), *concerns)


def child_contacted(places: Places, scene: Scene, *, given: str, concerns: Sequence[str]) -> Report:
    """A child is seen in the community."""
    publisher = places.community["community"]
    told = contact(publisher, scene, child(scene, given), concerns[0])
    return saying(told, concerns=[*concerns])


def missed(places: Places, scene: Scene, who: Resident, of: str, **more: Json) -> Report:
    """Somebody misses a first appointment, with a safeguarding marker; `more` is said besides."""
    publisher = places.community[of]
    told = not_brought(publisher, scene, who)
    return saying(
        told,
        appointment_on=scene.on.isoformat(),
        first_appointment="yes",
        safeguarding_marker="yes",
        **more,
    )


def child_not_brought(places: Places, scene: Scene, *, given: str) -> Report:
    """The same of a child, by name."""
    return missed(places, scene, child(scene, given), "community")


def relapse_plan_of(places: Places, scene: Scene, consent: str, **told: Json) -> Report:
    """The mother's relapse plan, with this consent."""
    publisher = places.community["mental-health"]
    return saying(relapse_plan(publisher, scene, consent), **told)


def exploitation_of(places: Places, scene: Scene, *, given: str) -> Report:
    """A child who may be exploited, by name."""
    return exploitation(social_care_of(places), scene, child(scene, given))


def dependants(scene: Scene) -> list[Json]:
    """All children of the family, who depend on the patient."""
    return [
        person(f"child{number}", "dependant", each, scene)
        for number, each in enumerate(scene.children, start=1)
    ]
