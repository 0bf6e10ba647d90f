"""What an incident leads to in the synthetic county: a MARAC conference, or social care."""

from functools import partial

from services.sandbox.county_marac import marac_outcome
from services.sandbox.county_places import Places
from services.sandbox.county_police import domestic_abuse
from services.sandbox.county_reports import Report, Scene, told_in_turn
from services.sandbox.county_social_care import conference, referral

_HEARD = 0.4
_REFERRED = 0.15


def incident(places: Places, scene: Scene) -> Report:
    """An incident; some that are graded high are heard at a MARAC, some families are referred."""
    report, publisher = domestic_abuse(places, scene), places.social_care
    if report.later is not None:
        return report
    if report.data["risk"] == "high" and scene.happens(_HEARD):
        heard = partial(marac_outcome, places)
        return told_in_turn(scene, report, (scene.days(4, 12), heard))
    if publisher is not None and scene.children and scene.happens(_REFERRED):
        return told_in_turn(
            scene,
            report,
            (scene.days(0, 1), partial(referral, publisher)),
            (scene.days(2, 5), partial(conference, places, publisher)),
        )
    return report
