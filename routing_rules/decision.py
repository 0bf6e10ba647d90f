"""What routing one occurrence concludes: duties, who is not told and why, and every verdict."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from schemas.person import Name
from schemas.values import Ask, Handling, NotificationKind, Role, Service, Urgency

DEAD_LETTER_KEY = "dead-letter"
Json = str | int | bool | None | list["Json"] | dict[str, "Json"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one rule said of one person: it fired, or did not, because of one named thing."""

    rule: str
    about: str
    fired: bool
    because: str


@dataclass(frozen=True, slots=True)
class Subject:
    """The person a duty is about, with no more of their identity than the recipient may see.

    `key` names the person in the occurrence for ever: an NHS number that matched, else the
    pregnancy and order, else source and ref.
    """

    key: str
    ref: str
    role: Role
    nhs_number: str | None = None
    name: Name | None = None
    date_of_birth: date | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why somebody is told: the rule's name and its own words."""

    rule: str
    why: str


@dataclass(frozen=True, slots=True)
class OwedDuty:
    """Somebody must be told about one person because of one occurrence, by a time (UTC).

    `kind` is `notify` or `exception`; an exception says which service it stands for
    (`instead_of`) and why that service could not be told (`because`). `consent` is how consent
    stands where sharing rests on it, else None. `about` is None only for a duty about a dead
    letter, a registration or silence, which has a `matter_key` instead. `act_by` is the earliest
    day's end (UTC) by which something that is asked must be done, where it has a date of its own.
    `district` is the person's home (ONS code).
    """

    service: Service
    recipient: str
    organisation: str
    kind: NotificationKind
    about: Subject | None
    urgency: Urgency
    respond_by: datetime
    asks: tuple[Ask, ...]
    reasons: tuple[Reason, ...]
    content: Mapping[str, Json]
    handling: tuple[Handling, ...] = ()
    safe_contact: str | None = None
    instead_of: Service | None = None
    because: str | None = None
    act_by: datetime | None = None
    district: str | None = None
    consent: str | None = None
    matter_key: str = DEAD_LETTER_KEY

    @property
    def look_at(self) -> datetime | None:
        """When it must be looked at if nobody has answered (UTC); None where nothing is asked."""
        if not self.asks:
            return None
        return self.respond_by if self.act_by is None else min(self.respond_by, self.act_by)


@dataclass(frozen=True, slots=True)
class NotTold:
    """A recorded "nobody is told": which service is not told about whom, and why.

    `basis` is the lawful basis of a decision not to share.
    """

    about: str
    service: Service | None
    because: str
    basis: str | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """Duties owed for one occurrence, who is not told and why, and the verdict of every rule.

    `fired_once` are the rules, with the NHS number of whom they are about, that fire only once in
    a while and did.
    """

    duties: tuple[OwedDuty, ...]
    nobody: tuple[NotTold, ...]
    verdicts: tuple[Verdict, ...]
    fired_once: tuple[tuple[str, str], ...] = ()
