"""What the maternity services of the synthetic county tell of a pregnancy."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time, timedelta

from schemas.values import EventType
from services.sandbox.county_places import Places
from services.sandbox.county_register import record_of
from services.sandbox.county_reports import Report, Scene, Told, moment, person, saying
from services.sandbox.county_residents import Newborn, Pregnancy

_CONCERNS = (
    "fgm",
    "unborn_alert",
    "child_removed_before",
    "concealed_pregnancy",
    "domestic_abuse",
    "mental_health",
    "substance_misuse",
    "learning_disability",
    "young_parent",
    "homelessness",
    "delayed_discharge",
    "other_vulnerability",
)
_HOW_OFTEN = (5, 8, 4, 3, 10, 14, 8, 4, 5, 5, 2, 6)
_RECORDED = ("yes", "no", "not_recorded")
_BLANK = 0.05
_MISSED_SO_FAR = (1, 1, 1, 2, 2, 3, None)


def booking(places: Places, scene: Scene, pregnancy: Pregnancy) -> Report:
    """She is booked, some days ago or just now."""
    home = scene.home
    told_from = datetime.combine(pregnancy.booked_on, time(10, 30), tzinfo=UTC)
    mother = record_of(home.mother, scene) | {"ref": "mother", "pregnant": "yes"}
    data: Told = {
        "pregnancy_id": pregnancy.pregnancy_id,
        "provider": home.booked_with,
        "booked_at": moment(min(told_from, scene.at)),
        "expected_due_date": pregnancy.due.isoformat(),
        "mother": mother,
    }
    return _report(places, EventType.MATERNITY_BOOKING, scene, data)


def booked_elsewhere(places: Places, scene: Scene, pregnancy: Pregnancy, provider: str) -> Report:
    """From now on she is booked with another provider."""
    told = booking(places, scene, pregnancy)
    return saying(told, provider=provider, booked_at=moment(scene.at))


def concern(
    places: Places, scene: Scene, pregnancy: Pregnancy, kinds: Sequence[str] = ()
) -> Report:
    """What worries a midwife; of FGM also whether girls of the family are at risk."""
    kinds = kinds or scene.chance.choices(_CONCERNS, _HOW_OFTEN)
    data = _of_pregnancy(scene, pregnancy) | {
        "identified_on": scene.on.isoformat(),
        "concerns": list(kinds),
    }
    if "fgm" in kinds:
        data["risk_to_girls"] = scene.chance.choice(("yes", "no", "unknown"))
        data["police_informed"] = scene.chance.choice(_RECORDED)
        girls = [child for child in scene.children if child.sex == "female"]
        data["people"] = [
            person(f"sister{number}", "sibling", girl, scene)
            for number, girl in enumerate(girls, start=1)
            if scene.happens(0.7)
        ]
    return _report(places, EventType.MATERNITY_CONCERN, scene, data, scene.on.isoformat())


def appointment_missed(places: Places, scene: Scene, pregnancy: Pregnancy) -> Report:
    """She did not come; how often that was, nobody may have counted."""
    missed_on = scene.on - timedelta(days=scene.chance.randint(0, 2))
    data = _of_pregnancy(scene, pregnancy) | {
        "appointment_on": missed_on.isoformat(),
        "appointment": scene.chance.choice(("antenatal", "antenatal", "scan", "consultant")),
        "missed_in_pregnancy": scene.chance.choice(_MISSED_SO_FAR),
        "safeguarding_marker": scene.chance.choices(_RECORDED, (20, 70, 10))[0],
        "contacted": scene.chance.choice(_RECORDED),
    }
    kind = EventType.MATERNITY_APPOINTMENT_MISSED
    return _report(places, kind, scene, data, missed_on.isoformat())


def birth(places: Places, scene: Scene, pregnancy: Pregnancy) -> Report:
    """A baby is born, or two; of some nobody says how they are."""
    data = _of_pregnancy(scene, pregnancy, pregnant="no") | {
        "born_on": pregnancy.ends_on.isoformat(),
        "babies": [_baby(baby, scene) for baby in pregnancy.babies],
    }
    return _report(places, EventType.MATERNITY_BIRTH, scene, data)


def ended(places: Places, scene: Scene, pregnancy: Pregnancy) -> Report:
    """The pregnancy is no more; whose it was is not always said."""
    whole = _of_pregnancy(scene, pregnancy, pregnant="no")
    data = whole if scene.happens(0.8) else {k: v for k, v in whole.items() if k != "mother"}
    outcome = pregnancy.outcome
    if pregnancy.babies:
        outcome = "stillbirth" if pregnancy.babies[0].outcome == "stillborn" else "neonatal_death"
    data |= {"ended_on": pregnancy.ends_on.isoformat(), "outcome": outcome}
    return _report(places, EventType.MATERNITY_ENDED, scene, data)


def transfer(places: Places, scene: Scene, pregnancy: Pregnancy) -> Report:
    """Mother and babies pass to others; what safeguarding needs is left blank now and then."""
    babies = [baby for baby in pregnancy.babies if baby.lives] or pregnancy.babies
    told: Told = {
        "transferred_on": scene.on.isoformat(),
        "maternal_mental_health": scene.chance.choices(
            ("no_concern", "past_concern", "current_concern"), (80, 12, 8)
        )[0],
        "child_protection_status": scene.chance.choices(
            ("no_plan", "child_in_need", "child_protection"), (90, 6, 4)
        )[0],
        "planned_mbu_transfer": "no",
        "parental_responsibility": "Synthetic: mother and father",
        "ethnicity": "Synthetic: not stated",
        "gp_practice": scene.home.mother.practice,
        "risk_marker": scene.chance.choices(("no", "yes"), (90, 10))[0],
    }
    written = {name: value for name, value in told.items() if not scene.happens(_BLANK)}
    data = _of_pregnancy(scene, pregnancy, pregnant="no") | written
    data["transferred_on"] = scene.on.isoformat()
    data["babies"] = [_baby(baby, scene) for baby in babies]
    return _report(places, EventType.MATERNITY_POSTNATAL_TRANSFER, scene, data)


def in_pregnancy(places: Places, scene: Scene) -> Report | None:
    """Something in a pregnancy that is booked; nothing where nobody expects."""
    pregnancy = scene.pregnancy
    if pregnancy is None or scene.home.booked_with is None or scene.on < pregnancy.booked_on:
        return None
    if scene.happens(0.4):
        return appointment_missed(places, scene, pregnancy)
    return concern(places, scene, pregnancy)


def expecting(scene: Scene, pregnancy: Pregnancy, ref: str, role: str) -> Told:
    """The mother as somebody knows her who knows of the pregnancy."""
    return person(ref, role, scene.home.mother, scene) | {
        "pregnant": "yes",
        "expected_due_date": pregnancy.due.isoformat(),
        "pregnancy_id": pregnancy.pregnancy_id,
        "maternity_provider": scene.home.booked_with,
    }


def unborn(scene: Scene, role: str) -> Iterator[Told]:
    """The mother in a role, of that ref, and the unborn child, of a pregnancy under way."""
    pregnancy = scene.pregnancy
    if pregnancy is None:
        return
    yield expecting(scene, pregnancy, role, role)
    yield {
        "ref": "unborn1",
        "role": "unborn",
        "pregnancy_id": pregnancy.pregnancy_id,
        "expected_due_date": pregnancy.due.isoformat(),
        "order": 1,
    }


def _of_pregnancy(scene: Scene, pregnancy: Pregnancy, *, pregnant: str = "yes") -> Told:
    mother = expecting(scene, pregnancy, "mother", "patient") | {"pregnant": pregnant}
    return {
        "pregnancy_id": pregnancy.pregnancy_id,
        "provider": scene.home.booked_with,
        "mother": mother,
    }


def _baby(baby: Newborn, scene: Scene) -> Told:
    told = person(f"baby{baby.order}", "child_present", baby.who, scene)
    told |= {"order": baby.order}
    if baby.outcome != "live" or scene.happens(0.95):
        told["outcome"] = baby.outcome
    if baby.outcome == "stillborn":
        told.pop("nhs_number", None)
        told["nhs_number_status"] = "absent"
    return told


def _report(places: Places, kind: EventType, scene: Scene, data: Told, *day: str) -> Report:
    first = next(iter(places.maternity.values()))
    publisher = places.maternity.get(scene.home.booked_with or "", first)
    return Report(publisher, kind, (str(data["pregnancy_id"]), *day), data)
