"""What would lead to a child whose address is restricted, kept out of notices about others.

Where a child goes to school, which practice and which team look after it, and in which district,
is as good as an address to somebody who is looking for it.
"""

from collections.abc import Mapping

from routing_rules.decision import Json

_LEADS_THERE = frozenset(
    {
        "district",
        "from_district",
        "from_team",
        "gp_practice",
        "recipient",
        "referred_by",
        "school",
        "to_district",
        "to_team",
    }
)


def without_places(content: Mapping[str, Json]) -> dict[str, Json]:
    """The content of a notice without what says where, and by whom, anybody is looked after.

    Whoever saw or expected somebody in the community, or referred them, may be their practice.
    """
    leads = _LEADS_THERE | ({"provider"} if "setting" in content else frozenset())
    return {name: _cleared(value) for name, value in content.items() if name not in leads}


def _cleared(value: Json) -> Json:
    if isinstance(value, dict):
        return without_places(value)
    return [_cleared(each) for each in value] if isinstance(value, list) else value
