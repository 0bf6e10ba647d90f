"""What could not be read is at once a duty of MASH."""

from datetime import UTC, datetime
from uuid import UUID

from routing_rules.dead_letters import owe_dead_letter
from tests.builders import NOW, staffordshire

LETTER = UUID(int=7)
NIGHT = datetime(2026, 3, 6, 22, 0, tzinfo=UTC)


def test_a_dead_letter_is_an_immediate_duty_of_mash() -> None:
    (change,) = owe_dead_letter(LETTER, "data.people", "no readable people", staffordshire(), NOW)

    told = change.notification
    assert (told["recipient"], told["kind"], told["urgency"]) == (
        "MASH:mash",
        "exception",
        "immediate",
    )
    assert told["respond_by"] == "2026-03-06T18:00:00+00:00"
    assert told["about"] is None
    assert told["content"] == {
        "dead_letter_id": str(LETTER),
        "field": "data.people",
        "reason": "no readable people",
    }


def test_while_mash_is_closed_its_contact_is_told_as_well() -> None:
    changes = owe_dead_letter(LETTER, "$", "not readable as JSON", staffordshire(), NIGHT)

    assert [change.held.recipient for change in changes] == [
        "MASH:mash",
        "860:social-care:emergency-duty",
    ]


def test_the_same_dead_letter_is_the_same_duty() -> None:
    def ids(letter: UUID) -> list[UUID]:
        changes = owe_dead_letter(letter, "$", "x", staffordshire(), NOW)
        return [change.held.duty_id for change in changes]

    assert ids(LETTER) == ids(LETTER)
    assert ids(LETTER) != ids(UUID(int=8))
