"""What a notice of the pathways' events may hold, and what must not be in it for this reader."""

import copy
from collections.abc import Mapping
from functools import cache
from typing import Any

import pytest

from routing_rules.decision import Decision, OwedDuty
from routing_rules.disclosure import Part
from routing_rules.engine import NAMES_NOBODY, NO_RULE, NO_RULE_THOUGH, THE_EVENT
from routing_rules.fields import phrase_of
from routing_rules.pathway_content import pathway_category, pathway_parts
from routing_rules.rulebook import Rulebook
from schemas.values import EventType, Handling, Role, Service
from tests.builders import data_of, decision_on, everything_in, staffordshire, with_rules
from tests.documented import ROUTED_PATHWAYS, people_in

TYPES = pytest.mark.parametrize("event_type", ROUTED_PATHWAYS, ids=str)
CONCERN, CONTACT = EventType.MATERNITY_CONCERN, EventType.COMMUNITY_CONTACT
PLAN, ENDED = EventType.RELAPSE_PLAN, EventType.MATERNITY_ENDED
TEXTS = {"headline": "Headline0x", "summary": "Summary0x"}
_TELL_ALL = """
- rule: everybody-{name}
  why: Everybody hears of everybody.
  event: {event}
  about: {{role: [{roles}]}}
  tell:
    - {{midwifery: of the home district, urgency: routine, ask: [record]}}
    - {{health visiting: of the home district, urgency: routine, ask: [record]}}
    - {{gp: at the registered practice, urgency: routine, ask: [record]}}
    - {{social care: of the home district, urgency: routine, ask: [act]}}
    - {{mash: of the county, urgency: routine, ask: [act]}}
  source: [para 1.13]
  owner: named.nurse
  review by: 2027-04-01
"""
FIELDS: Mapping[Part, str] = {
    Part.ONWARD_REFERRAL: "to_site",
    Part.CONCERNS: "concerns",
    Part.FGM: "risk_to_girls",
    Part.APPOINTMENT: "appointment_on",
    Part.BIRTH: "born_on",
    Part.ENDING: "outcome",
    Part.TRANSFER: "transferred_on effective_on",
    Part.SAFEGUARDING_FIELDS: "safeguarding",
    Part.PLAN: "plan",
    Part.PLAN_CATEGORIES: "categories",
    Part.CONFERENCE: "conference_id",
    Part.INVITEES: "invitees",
    Part.REFERRAL: "referred_by",
    Part.ANALYSIS_OF_RISK: "analysis_of_risk",
    Part.EXPLOITATION: "exploitation",
    Part.RELAPSE_PLAN: "consent",
    Part.RELAPSE_INDICATORS: "indicators",
    Part.CONTACT: "contact_at",
    Part.SEXUAL_HEALTH: "fraser_assessed",
    Part.HEALTH_ASSESSMENT: "assessment",
    Part.HEADLINE: "headline",
    Part.SUMMARY: "summary",
    Part.NARRATIVE: "narrative",
}


@cache
def tell_all() -> Rulebook:
    roles = ", ".join(role.value.replace("_", " ") for role in Role)
    made = [
        _TELL_ALL.format(name=phrase_of(kind).replace(" ", "-"), event=phrase_of(kind), roles=roles)
        for kind in ROUTED_PATHWAYS
    ]
    return with_rules("".join(made))


def documented(event_type: EventType, **changes: Any) -> dict[str, Any]:
    return {**copy.deepcopy(ROUTED_PATHWAYS[event_type]["data"]), **TEXTS, **changes}


def decision(event_type: EventType, **changes: Any) -> Decision:
    return decision_on(event_type, documented(event_type, **changes), rulebook=tell_all())


def told(found: Decision, service: Service, about: str) -> OwedDuty:
    (duty,) = (
        each
        for each in found.duties
        if each.service is service and each.about and each.about.ref == about
        if each.instead_of is None
    )
    return duty


@TYPES
def test_with_the_shipped_rules_everybody_in_it_is_accounted_for(event_type: EventType) -> None:
    found = decision_on(event_type, ROUTED_PATHWAYS[event_type]["data"])

    said = {(item.about, item.because) for item in found.nobody if item.service is None}
    about = {duty.about.ref for duty in found.duties if duty.about}
    refs = {person["ref"] for person in people_in(ROUTED_PATHWAYS[event_type])}
    missing = refs - about - {ref for ref, _ in said}
    assert not missing
    if not refs:
        assert said == {(THE_EVENT, NAMES_NOBODY)}
    assert {because for ref, because in said if ref in refs} <= {NO_RULE, NO_RULE_THOUGH}


@TYPES
def test_an_event_that_is_taken_back_tells_nobody_and_says_so(event_type: EventType) -> None:
    found = decision(event_type, status="cancelled")
    assert found.duties == ()
    assert found.nobody


_NARRATED = {CONCERN, CONTACT, EventType.EXPLOITATION_RISK, EventType.SOCIAL_CARE_REFERRAL}


@TYPES
def test_a_part_is_told_only_where_it_is_allowed(event_type: EventType) -> None:
    changes: dict[str, Any] = {"narrative": "Narrative0x"} if event_type in _NARRATED else {}
    data: Any = data_of(event_type, documented(event_type, **changes))
    told_by = 0
    for part, names in FIELDS.items():
        alone = pathway_parts(data, frozenset({part}), frozenset())
        all_else = pathway_parts(data, frozenset(Part) - {part}, frozenset())
        for name in set(names.split()) & alone.keys():
            told_by += 1
            assert name not in all_else, part
    assert told_by
    assert pathway_parts(data, frozenset(), frozenset()) == {}


def test_every_pathway_has_a_row_for_safeguarding_and_for_mash() -> None:
    allowed = staffordshire().disclosure.allowed
    for event_type in ROUTED_PATHWAYS:
        assert {(event_type, "safeguarding"), (event_type, "mash")} <= allowed.keys()


@pytest.mark.parametrize(
    ("part", "audiences"),
    [
        (Part.FGM, {"midwifery", "safeguarding", "social care"}),
        (Part.SEXUAL_HEALTH, {"safeguarding", "social care"}),
        (Part.ENDING, {"midwifery", "gp"}),
        (Part.ANALYSIS_OF_RISK, {"safeguarding", "social care", "mash"}),
        (Part.INVITEES, {"safeguarding", "social care", "mash"}),
        (
            Part.RELAPSE_INDICATORS,
            {"midwifery", "health visiting", "gp", "adult mental health", "safeguarding"},
        ),
        (Part.NARRATIVE, {"safeguarding"}),
    ],
)
def test_what_is_most_private_is_for_few(part: Part, audiences: set[str]) -> None:
    allowed = staffordshire().disclosure.allowed
    assert {audience for (_, audience), parts in allowed.items() if part in parts} == audiences


def test_fgm_is_for_midwives_and_takes_every_text_with_it_elsewhere() -> None:
    found = decision(CONCERN)
    midwife, visitor = (told(found, service, "mother") for service in _CARERS)

    assert midwife.content["concerns"] == ["fgm", "unborn alert"]
    assert midwife.content["summary"] == "Summary0x"
    assert visitor.content["concerns"] == ["unborn alert"]
    assert "fgm" not in everything_in(visitor).lower()
    assert "Summary0x" not in everything_in(visitor)
    assert Handling.CONFIDENTIAL in visitor.handling


_CARERS = (Service.MIDWIFERY, Service.HEALTH_VISITING)


def test_a_concern_that_cannot_be_read_may_be_fgm() -> None:
    visitor = told(decision(CONCERN, concerns=["unknown"]), Service.HEALTH_VISITING, "mother")
    assert "concerns" not in visitor.content
    assert "summary" not in visitor.content
    other = told(decision(CONCERN, concerns=["mental_health"]), Service.HEALTH_VISITING, "mother")
    assert other.content["summary"] == "Summary0x"


def test_a_girl_at_risk_is_known_as_that_only_where_fgm_may_be() -> None:
    found = decision(CONCERN)
    assert told(found, Service.SOCIAL_CARE, "sister").content["category_of_concern"] == [
        "fgm",
        "unborn alert",
    ]
    practice = told(found, Service.GP, "sister")
    assert "concern" in practice.content
    assert "fgm" not in everything_in(practice).lower()
    assert Handling.OTHER_PARENT_MAY_HAVE_ACCESS in practice.handling


def test_the_unborn_child_is_what_the_concern_is_about() -> None:
    unborn = told(decision(CONCERN), Service.MIDWIFERY, "unborn")
    assert unborn.content["concerns"] == ["fgm", "unborn alert"]
    assert Handling.OTHER_PARENT_MAY_HAVE_ACCESS in unborn.handling


@pytest.mark.parametrize("setting", ["sexual_health", "unknown"])
def test_a_sexual_health_contact_gives_nothing_away_not_even_the_clinic(setting: str) -> None:
    found = decision(CONTACT, setting=setting)
    practice = told(found, Service.GP, "patient")
    text = everything_in(practice).lower()
    assert not [word for word in ("contracept", "sexual", "r1e", "headline0x") if word in text]
    assert {Handling.CONFIDENTIAL, Handling.HIDE_FROM_ONLINE_ACCESS} <= set(practice.handling)
    social = told(found, Service.SOCIAL_CARE, "patient")
    assert social.content["concerns"] == ["emergency contraception"]
    assert social.content["exploitation_tool"] == "positive"


def test_a_contact_about_something_else_is_told_in_full() -> None:
    found = decision(CONTACT, setting="health_visiting", concerns=["bruising"], mobile="no")
    practice = told(found, Service.GP, "patient")
    assert practice.content["setting"] == "health visiting"
    assert practice.content["headline"] == "Headline0x"
    assert Handling.CONFIDENTIAL not in practice.handling


def test_an_appointment_at_a_sexual_health_clinic_does_not_name_it() -> None:
    named = told(decision(EventType.NOT_BROUGHT), Service.HEALTH_VISITING, "patient")
    assert named.content["setting"] == "paediatrics"
    hidden = decision(EventType.NOT_BROUGHT, setting="sexual_health")
    visitor = told(hidden, Service.HEALTH_VISITING, "patient")
    assert not {"setting", "provider", "summary"} & visitor.content.keys()


@pytest.mark.parametrize("consent", ["refused", "not_recorded"])
def test_a_relapse_plan_without_consent_tells_only_that(consent: str) -> None:
    found = decision(PLAN, consent=consent)
    for service in (*_CARERS, Service.GP):
        notice = told(found, service, "patient")
        assert notice.content["consent"] == consent.replace("_", " ")
        text = everything_in(notice)
        assert not [word for word in ("Synthetic", "Summary0x", "mental") if word in text]
    child = told(found, Service.HEALTH_VISITING, "child")
    assert child.content["category_of_concern"] == []


def test_an_overridden_refusal_is_told_as_that_and_its_reason_to_safeguarding_alone() -> None:
    found = decision(PLAN, consent="refused", override_reason="Override0x")
    visitor = told(found, Service.HEALTH_VISITING, "patient")
    assert visitor.content["overridden"] is True
    assert visitor.content["indicators"] == "Synthetic: signs of relapse"
    assert "Override0x" not in "".join(map(everything_in, found.duties))
    data: Any = data_of(PLAN, documented(PLAN, consent="refused", override_reason="Override0x"))
    allowed = staffordshire().disclosure.parts(PLAN, Service.SAFEGUARDING, about_child=False)
    assert pathway_parts(data, allowed, frozenset())["narrative"] == "Override0x"


def test_a_notice_about_a_child_of_the_patient_has_the_category_and_never_the_plan() -> None:
    found = decision(PLAN)
    assert told(found, Service.HEALTH_VISITING, "child").content["category_of_concern"] == [
        "mental health"
    ]
    for duty in found.duties:
        if duty.about and duty.about.ref == "child":
            assert "Synthetic" not in everything_in(duty)


def test_how_a_pregnancy_ended_is_for_the_midwife_and_her_own_practice() -> None:
    mother = ROUTED_PATHWAYS[EventType.MATERNITY_APPOINTMENT_MISSED]["data"]["mother"]
    found = decision(ENDED, mother=mother)
    assert told(found, Service.MIDWIFERY, "mother").content["outcome"] == "miscarriage"
    for service in (Service.HEALTH_VISITING, Service.SOCIAL_CARE, Service.MASH):
        text = everything_in(told(found, service, "mother"))
        assert not [word for word in ("miscarriage", "Summary0x", "Headline0x") if word in text]


@pytest.mark.parametrize(
    "event_type", [EventType.MATERNITY_APPOINTMENT_MISSED, EventType.NOT_BROUGHT]
)
def test_others_hear_that_an_appointment_was_missed(event_type: EventType) -> None:
    sibling = {"ref": "s", "role": "sibling", "date_of_birth": "2020-01-01"}
    home = {"address": {"district": "E07000193"}, "gp_practice": "Y90004"}
    found = decision(event_type, people=[{**sibling, **home}])
    notices = [duty for duty in found.duties if duty.about and duty.about.ref == "s"]
    categories = [n.content["category_of_concern"] for n in notices if "concern" not in n.content]
    assert all(each == ["missed appointment"] for each in categories)
    assert "appointment_on" not in "".join(map(everything_in, notices))


def test_nobody_near_a_child_of_a_plan_is_phoned_without_a_safe_way() -> None:
    duties = decision(EventType.CHILD_STATUS).duties
    assert {duty.safe_contact for duty in duties} == {"Do not phone, text or write."}
    assert {duty.safe_contact for duty in decision(EventType.TRANSFER_IN).duties} == {None}


def test_the_mother_is_never_taken_for_the_perpetrator() -> None:
    mother = {**documented(CONCERN)["mother"], "role": "patient"}
    father = {"ref": "father", "role": "parent", "gp_practice": "Y90016"}
    found = decision(CONCERN, concerns=["domestic_abuse"], mother=mother, people=[father])
    about = {duty.about.ref for duty in found.duties if duty.about}
    assert "mother" in about
    assert "father" not in about


def test_a_child_known_only_through_the_accused_hears_of_no_plan() -> None:
    accused = {"ref": "a", "role": "alleged_perpetrator", "date_of_birth": "1990-01-01"}
    people = [*documented(EventType.CHILD_STATUS)["people"], {**accused, "pregnant": "yes"}]
    found = decision(EventType.CHILD_STATUS, people=people)
    unborn = [d for d in found.duties if d.about and d.about.ref == "a/unborn"]
    assert unborn
    for duty in unborn:
        assert not {"categories", "summary", "headline"} & duty.content.keys()


def test_a_brothers_notice_of_a_contact_never_has_what_is_private() -> None:
    home = {"address": {"district": "E07000193"}, "gp_practice": "Y90004"}
    brother = {"ref": "b", "role": "sibling", "date_of_birth": "2020-01-01", **home}
    concerns = ["sexual_health", "dog_bite"]
    found = decision(CONTACT, people=[brother], concerns=concerns)
    visitor = told(found, Service.HEALTH_VISITING, "b")
    assert visitor.content["category_of_concern"] == ["dog bite"]


def test_a_sister_hears_of_no_concern_where_there_is_none() -> None:
    home = {"address": {"district": "E07000193"}, "gp_practice": "Y90004"}
    sister = {"ref": "s", "role": "sibling", "date_of_birth": "2020-01-01", **home}
    found = decision(EventType.MATERNITY_BIRTH, people=[sister])
    for duty in found.duties:
        if duty.about and duty.about.ref == "s":
            assert duty.content["concern"] == "parental concern, speak to the safeguarding lead"
    data: Any = data_of(EventType.MATERNITY_BIRTH, documented(EventType.MATERNITY_BIRTH))
    everything = pathway_category(data, frozenset(Part), frozenset())
    assert everything == {"category_of_concern": []}
