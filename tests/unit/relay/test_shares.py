from services.ledger.lanes import Lane, LaneInPlay, LanesInPlay
from services.relay.shares import Plan, plan_lanes

_LANES = [Lane("queue", number) for number in range(6)]


def _plan(
    mine: list[Lane],
    *,
    others: list[Lane] | None = None,
    waiting: dict[Lane, float] | None = None,
    idle: tuple[Lane, ...] = (),
    relays: int = 1,
    most: int = 64,
    keeps_surplus: bool = False,
) -> Plan:
    waiting = waiting or {}
    owners = dict.fromkeys(mine, "me") | dict.fromkeys(others or [], "other")
    in_play = [LaneInPlay(lane, owner, lane not in idle) for lane, owner in owners.items()]
    in_play += [LaneInPlay(lane, None, has_open_rows=True) for lane in waiting]
    return plan_lanes(
        LanesInPlay(tuple(in_play), relays),
        mine,
        waiting=waiting,
        most=most,
        neglected_after=10,
        keeps_surplus=keeps_surplus,
    )


def test_a_relay_alone_takes_every_free_lane() -> None:
    assert _plan([], waiting=dict.fromkeys(_LANES, 0)).take == tuple(_LANES)


def test_two_relays_take_half_each() -> None:
    plan = _plan([], waiting=dict.fromkeys(_LANES, 0), relays=2)

    assert plan == Plan(take=tuple(_LANES[:3]), beyond_share=(), give_back=())


def test_the_longest_wait_comes_first() -> None:
    assert _plan([], waiting={_LANES[0]: 1, _LANES[1]: 2}, relays=2).take == (_LANES[1],)


def test_a_newcomer_gets_a_lane_from_who_has_too_many() -> None:
    assert _plan(_LANES[:4], relays=2).give_back == (_LANES[0],)
    assert _plan(_LANES[:4], relays=2, idle=(_LANES[2],)).give_back == (_LANES[2],)


def test_an_even_share_is_kept() -> None:
    assert _plan(_LANES[:3], others=_LANES[3:], relays=2) == Plan((), (), ())


def test_a_lane_that_nobody_takes_is_taken_beyond_the_share() -> None:
    plan = _plan(_LANES[:3], waiting={_LANES[3]: 11, _LANES[4]: 1}, relays=2, keeps_surplus=True)

    assert plan == Plan(take=(_LANES[3],), beyond_share=(_LANES[3],), give_back=())


def test_surplus_can_be_kept() -> None:
    assert _plan(_LANES[:4], relays=2, keeps_surplus=True).give_back == ()


def test_a_full_relay_makes_room_and_takes_nothing() -> None:
    plan = _plan(_LANES[:2], waiting={_LANES[3]: 11}, most=2)

    assert plan == Plan(take=(), beyond_share=(), give_back=(_LANES[0],))


def test_relays_that_nobody_counts_are_one() -> None:
    assert _plan([], waiting={_LANES[0]: 0}, relays=0).take == (_LANES[0],)
