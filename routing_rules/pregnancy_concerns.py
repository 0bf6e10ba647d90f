"""What of an event is told for the sake of a pregnancy alone, and is let rest when that is lost."""

from collections.abc import Collection

from schemas.events import AnyEventData
from schemas.maternity import AppointmentMissed, MaternityBooking, MaternityConcern
from schemas.values import MaternityConcernKind

_FOR_THE_UNBORN = frozenset(
    {
        MaternityConcernKind.UNBORN_ALERT,
        MaternityConcernKind.CHILD_REMOVED_BEFORE,
        MaternityConcernKind.CONCEALED_PREGNANCY,
    }
)
"""What worries a midwife for the child; all else is told for the mother's own sake too."""


def is_only_of_it(data: AnyEventData) -> bool:
    """Whether nothing in the event is told for the mother's own sake."""
    if isinstance(data, MaternityConcern):
        return _FOR_THE_UNBORN.issuperset(data.concerns)
    return isinstance(data, AppointmentMissed | MaternityBooking)


def without_alerts(data: AnyEventData, carriers: Collection[str]) -> AnyEventData:
    """The event without what was told for the sake of an unborn child who was lost.

    `carriers` are the refs of those whose pregnancy is over. Where nothing else is told in it, it
    stays as it is: nobody is told of any of it.
    """
    if not isinstance(data, MaternityConcern) or data.mother.ref not in carriers:
        return data
    left = tuple(concern for concern in data.concerns if concern not in _FOR_THE_UNBORN)
    return data.model_copy(update={"concerns": left}) if left else data
