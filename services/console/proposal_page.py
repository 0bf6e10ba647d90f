"""Proposals: what a change would do, read before it is signed; then signed, by two people."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from routing_rules.rulebook_diff import ChangeKind
from services.console.access import may_open
from services.console.asking import Form, form_of
from services.console.parts import console_of, person_of, record
from services.console.problems import NotThere
from services.console.proposal_orders import countersign_it, reject_it, sign_it
from services.console.rendering import Mistake, show
from services.console.rule_ordering import signer_of
from services.console.rules_standing_pages import PATIENCE, being_worked_out
from services.console.surveying import Survey
from services.console.workshop import WorkRefused
from services.ledger.console_views import Deed, View
from services.ledger.rulebook_allowed import (
    goes_live_on,
    proposal_to_countersign,
    proposal_to_sign,
)
from services.ledger.rulebook_orders import Ordered
from services.ledger.rulebook_record import SHORT, Proposal, Record, Step, VersionRefused
from services.ledger.rulebook_replays import replays_of

pages = APIRouter()
_WHY = "Say why, so that a review can follow it"
_DONE = {
    "signed": "It is signed. Somebody else must countersign it.",
    "countersigned": "It is countersigned. From its time on, routers decide by it.",
    "rejected": "It is rejected. It may be changed, and proposed again.",
}


@dataclass(frozen=True, slots=True)
class Proposed:
    """A proposal with the record in which it stands."""

    record: Record
    proposal: Proposal

    @property
    def content_hash(self) -> str:
        """The whole hash of what is proposed."""
        return self.proposal.content_hash

    def day(self, at: datetime) -> date:
        """On which day it is looked at: when it would go live, or as it was looked at then."""
        if self.proposal.is_open:
            return goes_live_on(self.proposal, at)
        return date.fromisoformat(self.proposal.outcome["on"])


@pages.get("/rules/proposals")
async def proposals(request: Request) -> Response:
    """Every proposal, what waits for somebody first; and how to propose one."""
    found = await console_of(request).rules.record()
    latest = [each for each in reversed(found.proposals) if found.proposal_of(each.content_hash)]
    values = {
        "record": found,
        "open": [each for each in latest if each.is_open],
        "others": [each for each in latest if not each.is_open],
        "live": found.live(console_of(request).now()),
    }
    return show(request, "proposals.html", values)


@pages.get("/rules/proposals/{content_hash}")
async def proposal(request: Request, content_hash: str) -> Response:
    """What a proposal would change, what it still promises, and who has said what of it."""
    return await _page(request, content_hash)


@pages.post("/rules/proposals/{content_hash}/sign")
async def sign(request: Request, content_hash: str) -> Response:
    """Signs exactly this hash."""
    form = await form_of(request)
    why = form.needed("sign-why", _WHY)
    return await _order(request, content_hash, form, ("sign", why))


@pages.post("/rules/proposals/{content_hash}/countersign")
async def countersign(request: Request, content_hash: str) -> Response:
    """Signs exactly this hash as the second person; it goes live."""
    form = await form_of(request)
    why = form.needed("sign-why", _WHY)
    return await _order(request, content_hash, form, ("countersign", why))


@pages.post("/rules/proposals/{content_hash}/reject")
async def reject(request: Request, content_hash: str) -> Response:
    """Says no to it, which ends it."""
    form = await form_of(request)
    why = form.needed("reject-why", "Say why, so that whoever proposed it knows what to change")
    return await _order(request, content_hash, form, ("reject", why))


async def proposed_as(request: Request, content_hash: str) -> Proposed:
    """The proposal of a version by its whole hash. Raises `NotThere` if there is none."""
    found = await console_of(request).rules.record()
    proposed = found.proposal_of(content_hash)
    if proposed is None:
        raise NotThere("Nobody has proposed a version by that hash. Check the link.")
    return Proposed(found, proposed)


async def _order(
    request: Request, content_hash: str, form: Form, asked: tuple[str, str]
) -> Response:
    what, why = asked
    seen = await proposed_as(request, content_hash)
    if form.mistakes:
        return await _page(request, content_hash, form=form, status=400)
    number = form.given.get("proposal", "")
    try:
        done = await _give(request, seen, what, (why, number))
    except VersionRefused as refused:
        form.mistakes.append(Mistake("sign", f"Nothing was changed: {refused}"))
        return await _page(request, content_hash, form=form, status=409)
    said = {"sign": "signed", "countersign": "countersigned", "reject": "rejected"}[what]
    again = "" if done.changed else "&again=yes"
    return RedirectResponse(f"/rules/proposals/{content_hash}?done={said}{again}", 303)


async def _give(request: Request, seen: Proposed, what: str, reason: tuple[str, str]) -> Ordered:
    if what == "sign":
        return await sign_it(request, seen.content_hash, reason)
    if what == "reject":
        return await reject_it(request, seen.content_hash, reason)
    return await countersign_it(request, seen.record, seen.content_hash, reason)


async def _page(
    request: Request, content_hash: str, *, form: Form | None = None, status: int = 200
) -> Response:
    console = console_of(request)
    at, seen = console.now(), await proposed_as(request, content_hash)
    survey, unread = await _survey(request, seen)
    if survey is None and unread is None:
        return being_worked_out(
            request,
            "A proposed rulebook",
            "It is tested, proved, and compared with the version that it is to follow, over every "
            "event that there could be.",
        )
    await record(request, View(Deed.SAW_PROPOSAL, (content_hash,)))
    step, hindrance = _next_step(request, seen, at)
    values = {
        "record": seen.record,
        "proposal": seen.proposal,
        "content_hash": content_hash,
        "short_hash": content_hash[:SHORT],
        "survey": survey,
        "unread": unread,
        "changes": _changes(survey),
        "broken": [] if survey is None else [p for p in survey.promises if p.verdict != "PROVED"],
        "step": step if _is_readable(seen, survey) else None,
        "hindrance": hindrance or _why_unreadable(seen, survey, unread),
        "may_reject": not {Step.REJECTED, Step.COUNTERSIGNED} & seen.proposal.signatures.keys(),
        "replays": await replays_of(console.pool, content_hash),
        "at": at,
        "typed": {} if form is None else dict(form.given),
        "said": _said(request),
        "me": person_of(request).name,
        "is_live": (live := seen.record.live(at)) is not None and live.content_hash == content_hash,
    }
    mistakes = form.mistakes if form is not None else []
    return show(request, "proposal.html", values, mistakes=mistakes, status=status)


async def _survey(request: Request, seen: Proposed) -> tuple[Survey | None, str | None]:
    """What came of surveying it, or why it cannot be; neither while it is worked out."""
    console = console_of(request)
    day, against = seen.day(console.now()), seen.proposal.compared_with
    try:
        found = await console.rules.survey(seen.content_hash, against, day, seconds=PATIENCE)
    except WorkRefused as refused:
        return None, str(refused)
    return found, None


def _next_step(request: Request, seen: Proposed, at: datetime) -> tuple[Step | None, str | None]:
    """What this person may say of it now, or why nothing."""
    if not may_open(person_of(request).roles, "POST", "/rules/proposals/{content_hash}/sign"):
        return None, None
    try:
        if Step.SIGNED in seen.proposal.signatures:
            signer = signer_of(request, "")
            proposal_to_countersign(seen.record, seen.content_hash, signer, at)
            return Step.COUNTERSIGNED, None
        proposal_to_sign(seen.record, seen.content_hash, at)
    except VersionRefused as refused:
        return None, str(refused)
    return Step.SIGNED, None


def _is_readable(seen: Proposed, survey: Survey | None) -> bool:
    """Whether all that a signer must have read stands on the page."""
    is_compared = seen.proposal.compared_with is None or (
        survey is not None and survey.changes is not None
    )
    return survey is not None and survey.examination.passed and is_compared


def _why_unreadable(seen: Proposed, survey: Survey | None, unread: str | None) -> str | None:
    if not seen.proposal.is_open or _is_readable(seen, survey):
        return None
    if survey is None:
        return unread
    if not survey.examination.passed:
        return f"as the directory is on {survey.examination.on}, something stands against it"
    return f"it cannot be compared: {survey.not_compared}"


def _changes(survey: Survey | None) -> Sequence[tuple[ChangeKind, Sequence[object]]]:
    """By kind, in the order in which a signer must read them."""
    if survey is None:
        return []
    return [(kind, survey.of_kind(kind)) for kind in ChangeKind]


def _said(request: Request) -> str | None:
    asked = request.query_params
    told = _DONE.get(asked.get("done", ""))
    return told if told is None or "again" not in asked else f"It was done already. {told}"
