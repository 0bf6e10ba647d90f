"""Signing, countersigning and rejecting a proposal: exactly the hash that the page showed."""

from datetime import date, datetime
from importlib import import_module

from fastapi import Request

from routing_rules.rulebook import Rulebook
from services.console.parts import console_of, person_of
from services.console.rule_ordering import give_rule_order, signer_of
from services.console.workshop import WorkRefused
from services.ledger import rulebook_orders
from services.ledger.console_views import Deed, has_done
from services.ledger.rulebook_allowed import (
    Signer,
    goes_live_on,
    proposal_to_countersign,
)
from services.ledger.rulebook_allowed import (
    person_of as same_name,
)
from services.ledger.rulebook_orders import Ordered, locked_record
from services.ledger.rulebook_record import Proposal, Record, Step, VersionRefused
from services.runtime.errors import PermanentError
from services.runtime.postgres import Connection
from services.runtime.rulebook_topics import topics_of

Reason = tuple[str, str]
"""Why, and the number of the proposal that the page showed."""


async def sign_it(request: Request, content_hash: str, reason: Reason) -> Ordered:
    """The first signature. Raises `VersionRefused`."""
    why, number = reason

    async def work(connection: Connection, signer: Signer, at: datetime) -> Ordered:
        await _as_seen(connection, content_hash, number)
        return await rulebook_orders.sign(connection, content_hash, signer, at=at)

    return await give_rule_order(request, Deed.SIGNED_RULEBOOK, content_hash, why, work)


async def reject_it(request: Request, content_hash: str, reason: Reason) -> Ordered:
    """Somebody says no. Raises `VersionRefused`."""
    why, number = reason

    async def work(connection: Connection, signer: Signer, at: datetime) -> Ordered:
        await _as_seen(connection, content_hash, number)
        return await rulebook_orders.reject(connection, content_hash, signer, at=at)

    return await give_rule_order(request, Deed.REJECTED_RULEBOOK, content_hash, why, work)


async def countersign_it(
    request: Request, record: Record, content_hash: str, reason: Reason
) -> Ordered:
    """The second signature: proved for its day, its queues made, and live. Raises `VersionRefused`.

    It may take some seconds. What the same person has countersigned already is done.
    """
    console, (why, number) = console_of(request), reason
    signer = signer_of(request, why)
    known = record.proposal_of(content_hash)
    if known is not None and _has_countersigned(known, signer):
        return Ordered(changed=False, told="you have countersigned it already")
    proposal = proposal_to_countersign(record, content_hash, signer, console.now())
    on = goes_live_on(proposal, console.now())
    try:
        survey = await console.rules.survey(content_hash, proposal.compared_with, on)
    except WorkRefused as refused:
        raise VersionRefused(str(refused)) from None
    assert survey is not None  # noqa: S101 - it was waited for
    if survey.examination.passed:
        await _make_topics(request, await console.rules.version(content_hash), on)

    async def work(connection: Connection, signer: Signer, at: datetime) -> Ordered:
        seen = await _as_seen(connection, content_hash, number)
        if _has_countersigned(seen, signer):
            return Ordered(changed=False, told="you have countersigned it already")
        await _is_another(request, connection, seen)
        return await rulebook_orders.countersign(
            connection, content_hash, signer, survey.examination, at=at
        )

    return await give_rule_order(request, Deed.COUNTERSIGNED_RULEBOOK, content_hash, why, work)


def _has_countersigned(proposal: Proposal, signer: Signer) -> bool:
    said = proposal.signatures.get(Step.COUNTERSIGNED)
    return said is not None and same_name(said.by) == signer.person


async def _as_seen(connection: Connection, content_hash: str, number: str) -> Proposal:
    """The proposal, unless the page showed an earlier one of the same content."""
    proposal = (await locked_record(connection)).proposal_of(content_hash)
    if proposal is None or str(proposal.proposal_no) != number:
        raise VersionRefused(
            "it was proposed again after you loaded this page: read it once more, and then decide"
        )
    return proposal


async def _is_another(request: Request, connection: Connection, proposal: Proposal) -> None:
    """Names may change between two sign-ins; who somebody is to the provider does not."""
    subject, since = person_of(request).subject, proposal.proposed.at
    thing = proposal.content_hash
    if await has_done(connection, subject, Deed.SIGNED_RULEBOOK, thing, since=since):
        raise VersionRefused("you have signed it: somebody else must countersign it")


async def _make_topics(request: Request, rulebook: Rulebook, on: date) -> None:
    """Makes the queues that it needs before it is live: one that is not there tells nobody.

    Where this console knows no Kafka, a version that needs none that is new can still go live.
    """
    console = console_of(request)
    settings = console.rules.settings
    wanted = topics_of(rulebook, settings.topics, on)
    if settings.kafka.bootstrap_servers is not None:
        # imported when it is needed: no other page waits for a Kafka client
        kafka = import_module("services.runtime.kafka")
        try:
            await kafka.ensure_topics(settings, wanted)
        except (kafka.KafkaAway, PermanentError):
            raise VersionRefused(
                "its queues could not be made, as Kafka does not answer or does not allow it: ask "
                "your operator, and try again"
            ) from None
        return
    there = topics_of(await console.rulebook(), settings.topics, on)
    if missing := sorted(wanted.keys() - there.keys()):
        raise VersionRefused(
            f"it needs a queue that is not there yet ({missing[0]}), and this console is not "
            "connected to Kafka: countersign it on the command line"
        )
