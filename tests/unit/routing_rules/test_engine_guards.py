"""Point 5 of what must always hold, both ways, under rules that would tell everybody everything.

Nothing about a victim reaches an alleged perpetrator; and no guard silences anybody else.
"""

from hypothesis import HealthCheck, assume, given, settings

from routing_rules.decision import Decision
from schemas.values import Role, Service
from tests.builders import (
    MARAC,
    POLICE,
    everything_in,
)
from tests.families import (
    ACCUSED,
    REFERRAL,
    SOMEBODYS,
    TEXTS,
    Family,
    families,
)

often = settings(
    deadline=None,
    max_examples=40,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


@often
@given(family=families())
def test_nothing_is_ever_about_somebody_who_is_only_accused(family: Family) -> None:
    guarded = family.guarded

    decision = family.decision()

    assert [duty for duty in decision.duties if family.about(duty) in guarded] == []
    said = {item.about for item in decision.nobody}
    assert {ref["ref"] for human in guarded for ref in human.refs} <= said


@often
@given(family=families())
def test_nothing_is_filed_under_the_number_or_at_the_practice_of_the_accused(
    family: Family,
) -> None:
    numbers = {human.known.get("nhs_number") for human in family.guarded} - {None}

    for duty in family.decision().duties:
        assert duty.about is not None
        assert duty.about.nhs_number not in numbers
        about = family.about(duty)
        if duty.service is Service.GP and about is not None and about.roles != ("unborn",):
            assert duty.recipient == f"{about.known.get('gp_practice')}:gp"


@often
@given(family=families())
def test_the_unborn_child_of_the_accused_tells_nothing_about_anybody_else(family: Family) -> None:
    for duty in family.decision().duties:
        assert duty.about is not None
        if not duty.about.ref.endswith("/unborn"):
            continue
        mother = duty.about.ref.removesuffix("/unborn").removeprefix("h").split(".")[0]
        text = everything_in(duty)
        for human in family.humans:
            if human.number != int(mother):
                assert not [mark for mark in human.marks if mark in text]
        assert not [mark for mark in (*TEXTS.values(), "Place0x", "Reason0x") if mark in text]


@often
@given(family=families((POLICE, MARAC, REFERRAL)))
def test_nothing_about_the_other_is_in_the_notice_of_who_is_accused_and_victim(
    family: Family,
) -> None:
    for duty in family.decision().duties:
        about = family.about(duty)
        if about is None or ACCUSED not in about.roles:
            continue
        text = everything_in(duty)
        for human in family.humans:
            if human is not about:
                assert not [mark for mark in human.marks if mark in text]
        assert not [mark for mark in (*TEXTS.values(), "Place0x", "Reason0x") if mark in text]


@often
@given(family=families())
def test_no_guard_silences_anybody_else(family: Family) -> None:
    """Without those who are guarded, the same people are told about to the same recipients."""
    guarded = family.guarded
    assume(guarded and len(guarded) < len(family.humans))
    assume(family.event not in SOMEBODYS or family.is_treated)

    def told(decision: Decision) -> set[tuple[str, str, str]]:
        return {
            (duty.about.ref, duty.recipient, duty.instead_of or "")
            for duty in decision.duties
            if duty.about and duty.about.role is not Role.UNBORN
        }

    assert told(family.decision()) == told(family.decision(without=guarded))


@often
@given(family=families())
def test_everybody_else_is_told_about_to_every_service_once(family: Family) -> None:
    decision = family.decision()

    recipients = [(d.about and d.about.key, d.recipient, d.instead_of) for d in decision.duties]
    assert len(recipients) == len(set(recipients))
    for human in family.humans:
        of_human = [duty for duty in decision.duties if family.about(duty) is human]
        services = {duty.instead_of or duty.service for duty in of_human}
        expected = {
            Service.MIDWIFERY,
            Service.HEALTH_VISITING,
            Service.GP,
            Service.SOCIAL_CARE,
            Service.SAFEGUARDING,
        }
        assert services == (set() if human in family.guarded else expected)
        assert len({duty.about.ref for duty in of_human if duty.about}) <= 1


@often
@given(family=families())
def test_an_address_that_may_be_restricted_stands_in_no_notice(family: Family) -> None:
    hides = any(human.known["address_restricted"] for human in family.humans)

    for duty in family.decision().duties:
        text = everything_in(duty)
        for human in family.humans:
            if human.known["address_restricted"] is not False or hides:
                assert f"Lane{human.number}x" not in text


@often
@given(family=families())
def test_a_practice_that_the_accused_shares_is_warned(family: Family) -> None:
    practices = {human.known.get("gp_practice") for human in family.guarded}

    for duty in family.decision().duties:
        if duty.service is Service.GP and duty.organisation in practices:
            assert "perpetrator_shares_practice" in duty.handling
            assert "hide_from_online_access" in duty.handling
