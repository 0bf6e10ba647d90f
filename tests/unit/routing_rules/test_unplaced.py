"""Why an exception stands for a service: every reason of the directory has its place."""

from dataclasses import replace

import pytest

from routing_rules.no_team import NoTeam, NoTeamReason
from routing_rules.unplaced import Unplaced, why_unplaced
from schemas.values import Service
from tests.builders import POLICE, a_person, at_home, decision_on, police

EXCEPTION = next(
    duty
    for duty in decision_on(POLICE, police(a_person("victim", **at_home(practice=None)))).duties
    if duty.instead_of is not None
)
NOT_KNOWN = {
    NoTeamReason.DISTRICT_UNKNOWN,
    NoTeamReason.SCHOOL_UNKNOWN,
    NoTeamReason.SCHOOL_TYPE_DECIDES,
    NoTeamReason.SITE_UNKNOWN,
    NoTeamReason.PROVIDER_UNKNOWN,
    NoTeamReason.PRACTICE_UNKNOWN,
}


@pytest.mark.parametrize("reason", NoTeamReason)
@pytest.mark.parametrize("service", [Service.GP, Service.SCHOOL_NURSING])
def test_a_reason_is_that_something_is_not_known_or_that_there_is_no_team(
    reason: NoTeamReason, service: Service
) -> None:
    because = NoTeam(reason, service, recipient="RJF:midwifery").because

    why = why_unplaced(replace(EXCEPTION, because=because))

    if reason is NoTeamReason.RETURNED:
        assert why is Unplaced.NOT_OURS
    elif reason in NOT_KNOWN:
        assert why is Unplaced.PERSON_NOT_IDENTIFIED
    else:
        assert why is Unplaced.NO_RECIPIENT


def test_what_is_not_known_comes_before_what_is_lacking_and_a_return_before_both() -> None:
    lacking = NoTeam(NoTeamReason.SCHOOL_NOT_SERVED, Service.SCHOOL_NURSING).because
    unknown = NoTeam(NoTeamReason.DISTRICT_UNKNOWN, Service.SCHOOL_NURSING).because
    returned = NoTeam(
        NoTeamReason.RETURNED, Service.SCHOOL_NURSING, recipient="RJF:school-nursing"
    ).because

    def why(*said: str) -> Unplaced | None:
        return why_unplaced(replace(EXCEPTION, because="; ".join(said)))

    assert why(lacking, unknown) is Unplaced.PERSON_NOT_IDENTIFIED
    assert why(lacking, unknown, returned) is Unplaced.NOT_OURS


def test_a_practice_that_is_not_known_is_a_person_who_is_not_identified() -> None:
    assert why_unplaced(EXCEPTION) is Unplaced.PERSON_NOT_IDENTIFIED


def test_the_publishers_own_prohibition_is_a_recipient_that_there_is_not() -> None:
    data = police(a_person("victim", **at_home()), do_not_tell=["Y90004"])

    (duty,) = (each for each in decision_on(POLICE, data).duties if each.instead_of is not None)

    assert why_unplaced(duty) is Unplaced.NO_RECIPIENT


def test_whoever_was_told_is_no_exception() -> None:
    assert why_unplaced(replace(EXCEPTION, instead_of=None)) is None
