"""What may be ordered of a version of the rulebook, as the record stands. Pure."""

import unicodedata
from dataclasses import dataclass
from datetime import date, datetime

from routing_rules.working_time import LONDON
from services.ledger.rulebook_record import Kind, Proposal, Record, Step, VersionRefused


@dataclass(frozen=True, slots=True)
class Signer:
    """Who orders something of a rulebook, in which role, and why; all three are kept for ever."""

    by: str
    role: str
    why: str

    @property
    def person(self) -> str:
        """The name as names are compared: however it is spaced, and in whichever case."""
        return " ".join(unicodedata.normalize("NFKC", self.by).split()).casefold()


@dataclass(frozen=True, slots=True)
class Standing:
    """What was live, and what was still to go live, when somebody looked: by hash."""

    live: str | None
    scheduled: str | None


def standing(record: Record, at: datetime) -> Standing:
    """What stands at a moment."""
    live, scheduled = record.live(at), record.scheduled(at)
    return Standing(
        None if live is None else live.content_hash,
        None if scheduled is None else scheduled.content_hash,
    )


def goes_live_on(proposal: Proposal, at: datetime) -> date:
    """The day in London on which it goes live if it is countersigned now."""
    begins = at if proposal.live_from is None else max(proposal.live_from, at)
    return begins.astimezone(LONDON).date()


def proposal_to_countersign(
    record: Record, content_hash: str, signer: Signer, at: datetime
) -> Proposal:
    """The proposal that this person may countersign now. Raises `VersionRefused`."""
    proposal = proposal_to_sign(record, content_hash, at)
    signed = proposal.signatures.get(Step.SIGNED)
    if signed is None:
        raise VersionRefused("a rule owner must sign it first")
    if person_of(signed.by) == signer.person:
        raise VersionRefused(f"{signed.by} has signed it: somebody else must countersign it")
    scheduled = record.scheduled(at)
    if scheduled is not None:
        raise VersionRefused(
            f"{record.named(scheduled.content_hash)} is still to go live, at "
            f"{scheduled.since.isoformat()}: wait for it, or roll back to what is live"
        )
    return proposal


def version_to_roll_back_to(record: Record, content_hash: str | None, at: datetime) -> str:
    """Which version a roll-back makes live. Raises `VersionRefused`."""
    live, reigns = record.live(at), list(record.reigns(at))
    if live is None:
        raise VersionRefused("nothing is live yet")
    if content_hash is not None:
        if all(each.content_hash != content_hash for each in reigns):
            raise VersionRefused("it has never been live; propose it")
        return content_hash
    if live.kind is Kind.ROLLED_BACK:
        raise VersionRefused(
            f"{live.ordered.by} has rolled back to {record.named(live.content_hash)} already; "
            "name the version to go to"
        )
    before = [each for each in reigns if each.content_hash != live.content_hash]
    if not before:
        raise VersionRefused("nothing else has been live before")
    return before[-1].content_hash


def refuse_if_overtaken(record: Record, shown: Standing, target: str, at: datetime) -> None:
    """Raises `VersionRefused` where going back would no longer do what somebody was shown.

    What was live then may have become the target: it is done already. What was to go live may have
    been withdrawn.
    """
    live, scheduled = record.live(at), record.scheduled(at)
    if live is not None and live.content_hash not in (shown.live, target):
        raise VersionRefused(
            f"{record.named(live.content_hash)} is live by order of {live.ordered.by}, and was not "
            "when this was shown: look at what going back would do now"
        )
    if scheduled is not None and scheduled.content_hash != shown.scheduled:
        raise VersionRefused(
            f"{record.named(scheduled.content_hash)} is to go live by order of "
            f"{scheduled.ordered.by}, which going back would withdraw, and it was not when this "
            "was shown: look again"
        )


def person_of(name: str) -> str:
    """A name as names are compared."""
    return Signer(name, "", "").person


def proposal_to_sign(record: Record, content_hash: str, at: datetime) -> Proposal:
    """The proposal of a version that may be signed now. Raises `VersionRefused`."""
    proposal = record.proposal_of(content_hash)
    if proposal is None:
        raise VersionRefused("it was never proposed")
    if not proposal.passed:
        raise VersionRefused(f"it did not pass: {'; '.join(proposal.outcome['because'])}")
    if Step.REJECTED in proposal.signatures:
        by = proposal.signatures[Step.REJECTED].by
        raise VersionRefused(f"{by} has rejected it; it may be proposed again")
    if Step.COUNTERSIGNED in proposal.signatures:
        raise VersionRefused("it was countersigned already")
    live = record.live(at)
    if (None if live is None else live.content_hash) != proposal.compared_with:
        raise VersionRefused(
            "another version has gone live since it was proposed, and it may undo what that "
            "changed: reject it, compare it with what is live, and propose it again"
        )
    return proposal
