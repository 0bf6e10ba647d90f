"""Children whom a site of the synthetic county sends on to another, and whether they arrive."""

from schemas.values import EventType
from services.sandbox.county_emergency import departed_from
from services.sandbox.county_places import Places, Site
from services.sandbox.county_reports import Report, Scene, Told, moment, person, told_in_turn
from services.sandbox.county_residents import Resident

_ARRIVES = 0.7
_FOR = ("x_ray", "paediatrics", "emergency_department", "camhs")


def onward_referral(places: Places, scene: Scene) -> Report | None:
    """A child is sent on; it arrives there, names the referral or not, or is not seen again."""
    if not scene.children or len(places.sites) < 2:
        return None
    from_site, to_site = scene.chance.sample(places.sites, k=2)
    who = scene.chance.choice(scene.children)
    sent = sent_on(scene, who, from_site, to_site)
    if not scene.happens(_ARRIVES):
        return sent
    names_it = scene.happens(0.5)
    arrives_at = to_site if names_it or scene.happens(0.8) else from_site
    reference = str(sent.data["referral_id"]) if names_it else None
    after = scene.chance.randint(20, 700) * scene.minute

    def arrival(then: Scene) -> Report:
        return departed_from(arrives_at, then, who, referral=reference)

    return told_in_turn(scene, sent, (after, arrival))


def sent_on(scene: Scene, who: Resident, from_site: Site, to_site: Site) -> Report:
    """The referral as the site tells it that sends a child on."""
    reference = f"{from_site.code}-REF-{scene.number:06d}"
    mother = person("parent", "parent", scene.home.mother, scene, children=("patient",))
    sent_at = scene.earlier(2, 40)
    data: Told = {
        "referral_id": reference,
        "from_site": from_site.code,
        "to_site": to_site.code,
        "for": scene.chance.choice(_FOR),
        "referred_at": moment(sent_at),
        "patient": person("patient", "patient", who, scene),
        "people": [mother] if scene.happens(0.5) else [],
    }
    if scene.happens(0.6):
        data["expected_by"] = moment(sent_at + scene.chance.randint(60, 600) * scene.minute)
    return Report(from_site.publisher, EventType.ONWARD_REFERRAL, (reference,), data)
