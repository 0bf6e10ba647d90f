"""Who may open which page: one table, and whatever is not in it is refused."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What somebody is to Fieldfare, as the identity provider says in their claims."""

    COORDINATOR = "coordinator"
    AUDITOR = "auditor"
    RULE_OWNER = "rule_owner"
    TEAM_MEMBER = "team_member"
    OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class Access:
    """Whom a route is for; `who` is None where nobody need be signed in.

    A route that is `live` is asked by the page and not by a person: it keeps no session alive.
    """

    who: frozenset[Role] | None
    live: bool = False


def _for(*roles: Role) -> Access:
    return Access(frozenset(roles))


_ANYBODY = Access(None)
_EVERYBODY = _for(*Role)
_MASH = _for(Role.COORDINATOR)
_REVIEW = _for(Role.COORDINATOR, Role.AUDITOR)
_PICTURE = frozenset({Role.COORDINATOR, Role.AUDITOR, Role.RULE_OWNER, Role.OPERATOR})
_TEAM = _for(Role.TEAM_MEMBER)
_TRIES = _for(Role.RULE_OWNER, Role.COORDINATOR, Role.AUDITOR)
_SIGNS = _for(Role.RULE_OWNER)

ACCESS: Mapping[tuple[str, str], Access] = {
    ("GET", "/assets/{name}"): _ANYBODY,
    ("GET", "/sign-in"): _ANYBODY,
    ("GET", "/sign-in/begin"): _ANYBODY,
    ("GET", "/sign-in/back"): _ANYBODY,
    ("GET", "/signed-out"): _ANYBODY,
    ("GET", "/demonstration/.well-known/openid-configuration"): _ANYBODY,
    ("GET", "/demonstration/keys"): _ANYBODY,
    ("GET", "/demonstration/people"): _ANYBODY,
    ("GET", "/demonstration/people/{subject}"): _ANYBODY,
    ("POST", "/demonstration/token"): _ANYBODY,
    ("GET", "/"): _EVERYBODY,
    ("POST", "/sign-out"): _EVERYBODY,
    ("GET", "/now"): Access(_PICTURE),
    ("GET", "/now/live"): Access(_PICTURE, live=True),
    ("GET", "/sources"): Access(_PICTURE),
    ("GET", "/missed"): _for(Role.COORDINATOR, Role.AUDITOR, Role.TEAM_MEMBER),
    ("GET", "/missed.csv"): _REVIEW,
    ("GET", "/pathways"): Access(_PICTURE),
    ("GET", "/duties"): _REVIEW,
    ("GET", "/exceptions"): _REVIEW,
    ("POST", "/exceptions/{duty_id}/take"): _MASH,
    ("POST", "/exceptions/{duty_id}/give-back"): _MASH,
    ("POST", "/exceptions/{duty_id}/re-process"): _MASH,
    ("GET", "/exceptions/{duty_id}/content"): _MASH,
    ("POST", "/exceptions/{duty_id}/content"): _MASH,
    ("GET", "/duties/{duty_id}"): _REVIEW,
    ("POST", "/duties/{duty_id}/resend"): _MASH,
    ("POST", "/duties/{duty_id}/hand-over"): _MASH,
    ("POST", "/duties/{duty_id}/close"): _MASH,
    ("POST", "/duties/{duty_id}/re-process"): _MASH,
    ("GET", "/events/{occurrence_id}"): _REVIEW,
    ("GET", "/events/{occurrence_id}/rules"): _REVIEW,
    ("POST", "/events/{occurrence_id}/re-route"): _MASH,
    ("POST", "/events/{occurrence_id}/identify"): _MASH,
    ("GET", "/person"): _REVIEW,
    ("POST", "/person"): _REVIEW,
    ("GET", "/person/{look_id}"): _REVIEW,
    ("POST", "/person/{look_id}/open"): _REVIEW,
    ("POST", "/person/{look_id}/timeline.pdf"): _REVIEW,
    ("GET", "/worklist"): _TEAM,
    ("GET", "/worklist/{notification_id}"): _TEAM,
    ("POST", "/worklist/{notification_id}/answer"): _TEAM,
    ("GET", "/audit"): _for(Role.AUDITOR),
    ("GET", "/rules"): Access(_PICTURE),
    ("GET", "/rules/text"): Access(_PICTURE),
    ("GET", "/rules/promises"): Access(_PICTURE),
    ("GET", "/rules/directory"): Access(_PICTURE),
    ("GET", "/rules/versions"): Access(_PICTURE),
    ("GET", "/rules/roll-back"): _SIGNS,
    ("POST", "/rules/roll-back"): _SIGNS,
    ("GET", "/rules/what-if"): _TRIES,
    ("POST", "/rules/what-if"): _TRIES,
    ("GET", "/rules/proposals"): Access(_PICTURE),
    ("GET", "/rules/proposals/{content_hash}"): Access(_PICTURE),
    ("POST", "/rules/proposals/{content_hash}/sign"): _SIGNS,
    ("POST", "/rules/proposals/{content_hash}/countersign"): _SIGNS,
    ("POST", "/rules/proposals/{content_hash}/reject"): _SIGNS,
    ("GET", "/rules/proposals/{content_hash}/replay"): _TRIES,
    ("POST", "/rules/proposals/{content_hash}/replay"): _TRIES,
}
"""By method and route. A route that is not here answers nobody, whoever they are."""

WITHOUT_TOKEN = frozenset({("POST", "/demonstration/token")})
"""Posts that no page of ours sends, and that no cookie authorises: the provider's own."""


def may_open(roles: frozenset[str], method: str, route: str) -> bool:
    """Whether anybody with one of these roles may open a route."""
    access = ACCESS.get((method, route))
    if access is None:
        return False
    return access.who is None or bool(access.who & roles)
