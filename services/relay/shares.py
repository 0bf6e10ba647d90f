"""Which lanes a relay takes and which it gives back, so that relays share the work."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.ledger.lanes import Lane, LanesInPlay


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do next; carrying it out may fail, and then the next plan says it again."""

    take: tuple[Lane, ...]
    beyond_share: tuple[Lane, ...]
    """Those of them that other relays should have taken."""
    give_back: tuple[Lane, ...]


def plan_lanes(  # noqa: PLR0913 - what one decision depends on
    in_play: LanesInPlay,
    mine: Sequence[Lane],
    *,
    waiting: Mapping[Lane, float],
    most: int,
    neglected_after: float,
    keeps_surplus: bool,
) -> Plan:
    """What a relay that has the lanes `mine`, those it took first in front, should take and leave.

    `waiting` holds the free lanes that it could take, with the seconds that each has waited. It
    takes them, longest wait first, up to an even share, and beyond that those that waited for
    longer than `neglected_after`, but never more than `most`. It gives one back at a time, an idle
    one first, if it has more than its share (unless it `keeps_surplus`), or if it is full and
    others wait.
    """
    everything = {each.lane for each in in_play.lanes} | set(mine)
    busy = {each.lane for each in in_play.lanes if each.has_open_rows}
    share = min(most, -(-len(everything) // max(1, in_play.relays)))
    in_turn = sorted(waiting, key=lambda lane: -waiting[lane])
    within = in_turn[: max(0, share - len(mine))]
    neglected = [lane for lane in in_turn[len(within) :] if waiting[lane] >= neglected_after]
    beyond = neglected[: max(0, most - len(mine) - len(within))]

    has_surplus = len(mine) > share and not keeps_surplus
    is_full = len(mine) >= most and bool(waiting)
    idle_first = sorted(mine, key=lambda lane: lane in busy)
    give_back = idle_first[:1] if has_surplus or is_full else []
    return Plan(tuple(within + beyond), tuple(beyond), tuple(give_back))
