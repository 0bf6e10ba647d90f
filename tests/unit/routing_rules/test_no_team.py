import pytest

from routing_rules.no_team import NoTeam, NoTeamReason
from schemas.values import SchoolType, Service


@pytest.mark.parametrize("reason", NoTeamReason)
def test_every_reason_is_one_plain_clause(reason: NoTeamReason) -> None:
    because = NoTeam(reason, Service.MIDWIFERY, SchoolType.SPECIAL).because

    assert because
    assert "{" not in because
    assert not because.endswith(".")


def test_every_kind_of_school_has_words() -> None:
    for kind in set(SchoolType) - {SchoolType.UNKNOWN}:
        gap = NoTeam(NoTeamReason.SCHOOL_TYPE_NOT_COMMISSIONED, Service.SCHOOL_NURSING, kind)
        assert not gap.because.endswith("for ")
