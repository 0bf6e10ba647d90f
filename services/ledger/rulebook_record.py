"""What is on record of rulebooks: who proposed and signed which, and which was live from when."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import asyncpg

from services.ledger.jsonb import from_json
from services.ledger.queries import SQL
from services.runtime.errors import PermanentError
from services.runtime.postgres import Connection

SHORT = 12
"""So many digits of a hash name a version to people."""
_FEWEST = 6


class VersionRefused(PermanentError):
    """What was asked of a version of the rulebook cannot be done; one line says why."""


class Step(StrEnum):
    """What was said of a proposal."""

    SIGNED = "signed"
    COUNTERSIGNED = "countersigned"
    REJECTED = "rejected"


class Kind(StrEnum):
    """Why a version is live: `adopted` was in force before versions were signed."""

    COUNTERSIGNED = "countersigned"
    ROLLED_BACK = "rolled_back"
    DEMONSTRATION = "demonstration"
    ADOPTED = "adopted"


@dataclass(frozen=True, slots=True)
class Said:
    """Who said or ordered something of a version, when (aware), and why."""

    at: datetime
    by: str
    role: str
    why: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """Somebody wants a version to go live; without `live_from`, when it is countersigned."""

    proposal_no: int
    content_hash: str
    compared_with: str | None
    live_from: datetime | None
    passed: bool
    outcome: Mapping[str, Any]
    proposed: Said
    signatures: Mapping[Step, Said]

    @property
    def is_open(self) -> bool:
        """Whether it can still be signed, countersigned or rejected."""
        ended = self.signatures.keys() & {Step.COUNTERSIGNED, Step.REJECTED}
        return self.passed and not ended


@dataclass(frozen=True, slots=True)
class Activation:
    """A version is to be live, from `live_from` on or at once."""

    activation_no: int
    content_hash: str
    kind: Kind
    proposal_no: int | None
    live_from: datetime | None
    ordered: Said

    @property
    def since(self) -> datetime:
        """From when it is live, unless a later order came first."""
        return self.live_from or self.ordered.at

    def has_begun(self, at: datetime) -> bool:
        """Whether its time has come; what is ordered for at once begins whatever clocks say."""
        return self.live_from is None or self.live_from <= at


@dataclass(frozen=True, slots=True)
class Record:
    """All that is on record, each in order; `names` by hash are of all that are kept."""

    names: Mapping[str, str]
    proposals: tuple[Proposal, ...]
    activations: tuple[Activation, ...]

    def live(self, at: datetime) -> Activation | None:
        """What is live: the last order whose time has come."""
        return next((each for each in reversed(self.activations) if each.has_begun(at)), None)

    def scheduled(self, at: datetime) -> Activation | None:
        """What is still to go live; a later order of any kind takes its place."""
        last = self.activations[-1] if self.activations else None
        return None if last is None or last.has_begun(at) else last

    def reigns(self, at: datetime) -> Iterator[Activation]:
        """What has been live until then, the first one first: not what was outranked before."""
        for number, each in enumerate(self.activations):
            later = self.activations[number + 1 :]
            is_outranked = any(other.since <= each.since for other in later)
            if each.has_begun(at) and (each.live_from is None or not is_outranked):
                yield each

    def proposal_of(self, content_hash: str) -> Proposal | None:
        """The last proposal of a version."""
        found = [each for each in self.proposals if each.content_hash == content_hash]
        return found[-1] if found else None

    def version(self, named: str) -> str:
        """The whole hash of a version as people name it: by its first digits, or its label.

        Raises `VersionRefused` where there is none, or several.
        """
        digits = named.rpartition("@")[2].removeprefix("sha256:").lower()
        found = [each for each in self.names if each.startswith(digits)]
        if len(digits) < _FEWEST or not found:
            raise VersionRefused(
                f"the ledger keeps no version {named}; name it by the first digits of its hash, "
                "as `fieldfare rules versions` lists them"
            )
        if len(found) > 1:
            raise VersionRefused(f"several versions begin with {named}; give more digits")
        return found[0]

    def named(self, content_hash: str) -> str:
        """A version as people read it: name and the first digits of its hash."""
        return f"{self.names[content_hash]} {content_hash[:SHORT]}"


async def read_record(connection: Connection) -> Record:
    """Everything that is on record; it grows by a few rows a change of the rules."""
    names = await connection.fetch(SQL["rulebook_names"])
    proposals = await connection.fetch(SQL["proposals"])
    activations = await connection.fetch(SQL["activations"])
    return Record(
        {row["content_hash"]: row["name"] for row in names},
        tuple(map(_proposal, proposals)),
        tuple(map(_activation, activations)),
    )


def _proposal(row: asyncpg.Record) -> Proposal:
    signatures = {
        Step(step): Said(**{**said, "at": datetime.fromisoformat(said["at"])})
        for step, said in from_json(row["signatures"]).items()
    }
    return Proposal(
        proposal_no=row["proposal_no"],
        content_hash=row["content_hash"],
        compared_with=row["compared_with"],
        live_from=row["live_from"],
        passed=row["passed"],
        outcome=from_json(row["outcome"]),
        proposed=Said(row["proposed_at"], row["proposed_by"], row["role"], row["why"]),
        signatures=signatures,
    )


def _activation(row: asyncpg.Record) -> Activation:
    return Activation(
        activation_no=row["activation_no"],
        content_hash=row["content_hash"],
        kind=Kind(row["kind"]),
        proposal_no=row["proposal_no"],
        live_from=row["live_from"],
        ordered=Said(row["ordered_at"], row["ordered_by"], row["role"], row["why"]),
    )
