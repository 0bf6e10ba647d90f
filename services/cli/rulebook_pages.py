"""What is on record of a rulebook's versions, as people read it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from services.cli.wording import counted, listed, london_time, plain
from services.ledger.rulebook_record import Activation, Kind, Proposal, Record, Said, Step
from services.ledger.rulebook_watching import Unfit

_INDENT = " " * 5
_LIVE_BY = {
    Kind.COUNTERSIGNED: "countersigned",
    Kind.ROLLED_BACK: "rolled back to, by one person",
    Kind.DEMONSTRATION: "for demonstration; nobody has signed it",
    Kind.ADOPTED: "as it was; nobody has signed it",
}


def examination_lines(outcome: Mapping[str, Any]) -> Iterator[str]:
    """What came of checking, testing and proving, and what stands against it."""
    promises: Mapping[str, int] = outcome["promises"]
    verdicts = listed(f"{count} {verdict}" for verdict, count in promises.items())
    release = f"; fieldfare {outcome['release']}" if "release" in outcome else ""
    yield (
        f"{counted(outcome['rules'], 'rule')}, {counted(outcome['warnings'], 'warning')}, "
        f"{counted(outcome['cases'], 'case')}; promises: {verdicts or 'none'} "
        f"on {outcome['on']}{release}"
    )
    findings: Mapping[str, int] = outcome["findings"]
    if findings:
        yield "worth a look: " + listed(f"{count} {kind}" for kind, count in findings.items())
    yield from (f"stands against it: {each}" for each in outcome["because"])


def live_lines(record: Record, unfit: Sequence[Unfit], at: datetime) -> Iterator[str]:
    """What is live, by whose word, what is still to go live, and who cannot load it."""
    live, scheduled = record.live(at), record.scheduled(at)
    if live is None:
        yield "no rulebook is live: nothing is routed until somebody signs one"
        yield "see: fieldfare rules propose"
    else:
        yield f"{record.named(live.content_hash)}"
        yield f"{_INDENT}sha256:{live.content_hash}"
        yield from _activation_lines(live)
        yield from _proposals_of(record, live.content_hash)
    if scheduled is not None:
        yield f"to go live {london_time(scheduled.since)}: {record.named(scheduled.content_hash)}"
    for each in unfit:
        yield (
            f"NOT TAKEN UP by {each.process} {each.release}, which goes by an earlier one: "
            f"{each.problem.splitlines()[0]}"
        )


def version_lines(record: Record, at: datetime) -> Iterator[str]:
    """Every version, the last proposed first, with all that was said of it."""
    live = record.live(at)
    for content_hash in reversed(list(record.names)):
        is_live = live is not None and live.content_hash == content_hash
        yield f"{record.named(content_hash)}{'  LIVE' if is_live else ''}"
        yield from _proposals_of(record, content_hash)
        for each in record.activations:
            if each.content_hash == content_hash:
                yield from _activation_lines(each)
        yield ""


def record_json(record: Record, unfit: Sequence[Unfit], at: datetime) -> dict[str, Any]:
    """All of it for machines; times are in UTC."""
    live, scheduled = record.live(at), record.scheduled(at)
    return {
        "live": None if live is None else _activation_json(live),
        "scheduled": None if scheduled is None else _activation_json(scheduled),
        "not_taken_up_by": list(unfit),
        "versions": [
            {
                "content_hash": content_hash,
                "name": name,
                "proposals": [
                    _proposal_json(each)
                    for each in record.proposals
                    if each.content_hash == content_hash
                ],
                "activations": [
                    _activation_json(each)
                    for each in record.activations
                    if each.content_hash == content_hash
                ],
            }
            for content_hash, name in record.names.items()
        ],
    }


def _proposals_of(record: Record, content_hash: str) -> Iterator[str]:
    for proposal in record.proposals:
        if proposal.content_hash == content_hash:
            yield from _proposal_lines(record, proposal)


def _proposal_lines(record: Record, proposal: Proposal) -> Iterator[str]:
    yield _said("proposed", proposal.proposed)
    if proposal.live_from is not None:
        yield f"{_INDENT}to go live {london_time(proposal.live_from)}"
    if proposal.compared_with is not None:
        yield f"{_INDENT}instead of {record.named(proposal.compared_with)}"
    yield from (f"{_INDENT}{line}" for line in examination_lines(proposal.outcome))
    for step in Step:
        if step in proposal.signatures:
            yield _said(step.value, proposal.signatures[step])
    if proposal.is_open:
        missing = "countersign" if Step.SIGNED in proposal.signatures else "sign"
        yield f"{_INDENT}waits for somebody to {missing} it"


def _activation_lines(activation: Activation) -> Iterator[str]:
    yield _said(f"live from {london_time(activation.since)}, ordered", activation.ordered)
    yield f"{_INDENT}{_LIVE_BY[activation.kind]}"


def _said(what: str, said: Said) -> str:
    return f"{_INDENT}{what} {london_time(said.at)} by {said.by}, {said.role}: {said.why}"


def _activation_json(activation: Activation) -> dict[str, Any]:
    return {
        "content_hash": activation.content_hash,
        "kind": activation.kind,
        "since": activation.since,
        "ordered": activation.ordered,
    }


def _proposal_json(proposal: Proposal) -> dict[str, Any]:
    return {
        "live_from": proposal.live_from,
        "compared_with": proposal.compared_with,
        "passed": proposal.passed,
        "outcome": proposal.outcome,
        "proposed": proposal.proposed,
        **{plain(step.value): said for step, said in proposal.signatures.items()},
    }
