"""Orders about versions of the rulebook: proposed, signed, countersigned, rejected, rolled back.

Each takes the lock of all of them first, in the caller's transaction: whoever is second sees what
the first did. Nothing is ever changed or back-dated.
"""

from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version

from routing_rules.examination import Examination
from routing_rules.rulebook import Rulebook
from services.ledger.jsonb import json_text
from services.ledger.queries import SQL
from services.ledger.rulebook_allowed import (
    Signer,
    Standing,
    goes_live_on,
    person_of,
    proposal_to_countersign,
    proposal_to_sign,
    refuse_if_overtaken,
    version_to_roll_back_to,
)
from services.ledger.rulebook_record import (
    Kind,
    Proposal,
    Record,
    Step,
    VersionRefused,
    read_record,
)
from services.ledger.rulebooks import keep_rulebook
from services.runtime.postgres import Connection


@dataclass(frozen=True, slots=True)
class Ordered:
    """What came of an order: whether anything was changed, and one line about it."""

    changed: bool
    told: str


async def propose(  # noqa: PLR0913 - what is proposed, by whom, for when
    connection: Connection,
    rulebook: Rulebook,
    examination: Examination,
    signer: Signer,
    *,
    live_from: datetime | None,
    at: datetime,
) -> Ordered:
    """Keeps a rulebook whole, with what came of examining it; unless it passed, none can sign it.

    Without `live_from` it is to go live when it is countersigned. Raises `VersionRefused` for a
    time that is not in the future.
    """
    record = await locked_record(connection)
    if live_from is not None and live_from <= at:
        raise VersionRefused("it cannot go live in the past")
    live, known = record.live(at), record.proposal_of(rulebook.content_hash)
    if live is not None and live.content_hash == rulebook.content_hash:
        return Ordered(changed=False, told="it is live already")
    if known is not None and known.is_open:
        return Ordered(changed=False, told=f"it was proposed already, by {known.proposed.by}")
    await keep_rulebook(connection, rulebook, at=at)
    await connection.execute(
        SQL["insert_proposal"],
        rulebook.content_hash,
        None if live is None else live.content_hash,
        live_from,
        examination.passed,
        _outcome(examination),
        at,
        signer.by,
        signer.role,
        signer.why,
    )
    return Ordered(changed=True, told="it is proposed")


async def sign(
    connection: Connection, content_hash: str, signer: Signer, *, at: datetime
) -> Ordered:
    """A rule owner signs a proposal. Raises `VersionRefused` unless it may be signed now."""
    record = await locked_record(connection)
    proposal = proposal_to_sign(record, content_hash, at)
    signed = proposal.signatures.get(Step.SIGNED)
    if signed is not None:
        if person_of(signed.by) == signer.person:
            return Ordered(changed=False, told="you have signed it already")
        raise VersionRefused(f"{signed.by} has signed it already; countersign it")
    await _say(connection, proposal, Step.SIGNED, signer, at=at)
    return Ordered(changed=True, told="it is signed; somebody else must countersign it")


async def countersign(  # noqa: PLR0913 - what is countersigned, by whom, and on what ground
    connection: Connection,
    content_hash: str,
    signer: Signer,
    examination: Examination,
    *,
    at: datetime,
    kind: Kind = Kind.COUNTERSIGNED,
) -> Ordered:
    """A second person signs, and it goes live: from when it was to, or at once if that is past.

    `examination` is that of the day on which it goes live (`goes_live_on`). Raises `VersionRefused`
    where it did not pass, or the proposal may not go live now.
    """
    record = await locked_record(connection)
    proposal = proposal_to_countersign(record, content_hash, signer, at)
    if examination.on != goes_live_on(proposal, at):
        raise VersionRefused("it was examined for another day; countersign it again")
    if not examination.passed:
        raise VersionRefused(
            f"on {examination.on} it does not pass: {'; '.join(examination.because)}"
        )
    begins = proposal.live_from if proposal.live_from and proposal.live_from > at else None
    outcome = _outcome(examination)
    await _say(connection, proposal, Step.COUNTERSIGNED, signer, at=at, outcome=outcome)
    no = proposal.proposal_no
    await _make_live(connection, content_hash, kind, signer, at=at, proposal_no=no, begins=begins)
    when = "live from now on" if begins is None else f"to go live at {begins.isoformat()}"
    return Ordered(changed=True, told=f"it is countersigned and {when}")


async def reject(
    connection: Connection, content_hash: str, signer: Signer, *, at: datetime
) -> Ordered:
    """Somebody says no to a proposal, which ends it; its version may be proposed again."""
    record = await locked_record(connection)
    proposal = record.proposal_of(content_hash)
    if proposal is None:
        raise VersionRefused("it was never proposed")
    if Step.REJECTED in proposal.signatures:
        return Ordered(changed=False, told="it was rejected already")
    if Step.COUNTERSIGNED in proposal.signatures:
        raise VersionRefused("it was countersigned; `fieldfare rules roll-back` takes it back")
    await _say(connection, proposal, Step.REJECTED, signer, at=at)
    return Ordered(changed=True, told="it is rejected")


async def roll_back(
    connection: Connection,
    content_hash: str | None,
    signer: Signer,
    *,
    at: datetime,
    shown: Standing | None = None,
) -> Ordered:
    """Makes a version live at once that has been live before; without a name the one before this.

    One person is enough. What was still to go live will not. `shown` is what stood when they were
    shown what it does. Raises `VersionRefused` where that version has never been live, none is
    named and it was rolled back already, or it would do something else than was shown.
    """
    record = await locked_record(connection)
    target = version_to_roll_back_to(record, content_hash, at)
    if shown is not None:
        refuse_if_overtaken(record, shown, target, at)
    live, scheduled = record.live(at), record.scheduled(at)
    if live is not None and live.content_hash == target and scheduled is None:
        return Ordered(changed=False, told=f"{record.named(target)} is live already")
    await _make_live(connection, target, Kind.ROLLED_BACK, signer, at=at)
    told = f"{record.named(target)} is live from now on"
    if scheduled is not None:
        told += f"; {record.named(scheduled.content_hash)} will not go live"
    return Ordered(changed=True, told=told)


async def locked_record(connection: Connection) -> Record:
    """What is on record, while nobody else can order anything until the transaction ends."""
    await connection.execute(SQL["lock_rulebooks"])
    return await read_record(connection)


async def _say(  # noqa: PLR0913 - a row of five parts
    connection: Connection,
    proposal: Proposal,
    step: Step,
    signer: Signer,
    *,
    at: datetime,
    outcome: str | None = None,
) -> None:
    await connection.execute(
        SQL["insert_signature"],
        proposal.proposal_no,
        step,
        outcome,
        at,
        signer.by,
        signer.person,
        signer.role,
        signer.why,
    )


async def _make_live(  # noqa: PLR0913 - a row of six parts
    connection: Connection,
    content_hash: str,
    kind: Kind,
    signer: Signer,
    *,
    at: datetime,
    proposal_no: int | None = None,
    begins: datetime | None = None,
) -> None:
    await connection.execute(
        SQL["insert_activation"],
        content_hash,
        kind,
        proposal_no,
        begins,
        at,
        signer.by,
        signer.role,
        signer.why,
    )


def _outcome(examination: Examination) -> str:
    return json_text({**examination.as_json(), "release": version("fieldfare")})
