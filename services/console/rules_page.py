"""Rules: the rulebook as people read it, found by whom it tells, of what, and on which ground."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import Response

from routing_rules.rulebook import Rulebook
from schemas.values import EventType, Service
from services.console.asking import Form, asked_of
from services.console.parts import console_of
from services.console.problems import NotThere
from services.console.rendering import show
from services.console.rule_words import Block, Wanted, blocks_of, event_title
from services.console.wording import sentence
from services.ledger.rulebook_record import SHORT, VersionRefused
from services.ledger.rulebooks import RulebookOutdated

pages = APIRouter()
_FIELDS = ("event", "service", "owner", "source", "text")
Choice = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Group:
    """The blocks of one kind of event."""

    event: EventType
    title: str
    blocks: tuple[Block, ...]


@pages.get("/rules")
async def rules(request: Request) -> Response:
    """A list of the kinds of events; or, once somebody asks, the rules that they ask for."""
    form = asked_of(request)
    rulebook = await asked_rulebook(request, form)
    typed = {name: form.text(name) or "" for name in _FIELDS}
    blocks = blocks_of(rulebook)
    wanted = Wanted(**typed)
    found = [each for each in blocks if wanted.wants(each)]
    is_asked = any(typed.values()) or "all" in form.given
    values = {
        **version_values(rulebook, form),
        "groups": _groups(found if is_asked else blocks),
        "without": _without(rulebook, blocks),
        "is_asked": is_asked,
        "count": len(found),
        "rules": sum(not each.withholds for each in blocks),
        "withholds": sum(each.withholds for each in blocks),
        "typed": typed,
        **_choices(blocks),
    }
    return show(request, "rules.html", values)


@pages.get("/rules/text")
async def text(request: Request) -> Response:
    """One file of a rulebook, as its owners wrote it, with the numbers of its lines."""
    form = asked_of(request)
    rulebook = await asked_rulebook(request, form)
    name = form.text("file") or ""
    if name not in rulebook.files:
        raise NotThere("The rulebook has no such file. Check the link.")
    values = {
        **version_values(rulebook, form),
        "file": name,
        "lines": rulebook.files[name].splitlines(),
    }
    return show(request, "rule_text.html", values)


async def asked_rulebook(request: Request, form: Form) -> Rulebook:
    """The version that an address names, else what is live.

    Raises `NotThere` for one that the ledger does not keep or this release cannot load, and
    `NoRulebookLive`.
    """
    console, named = console_of(request), form.text("version")
    if named is None:
        return await console.rulebook()
    try:
        content_hash = (await console.rules.record()).version(named)
        return await console.rules.version(content_hash)
    except VersionRefused:
        raise NotThere("The ledger keeps no such version of the rulebook.") from None
    except RulebookOutdated:
        raise NotThere("This release cannot read that version of the rulebook.") from None


def version_values(rulebook: Rulebook, form: Form) -> dict[str, object]:
    """What a page says of the version that it shows; `other` names one that was asked for."""
    other = rulebook.content_hash if form.text("version") else ""
    query = f"&{urlencode({'version': other})}" if other else ""
    return {
        "rulebook": rulebook,
        "short_hash": rulebook.content_hash[:SHORT],
        "other": other,
        "and_version": query,
    }


def _groups(blocks: Iterable[Block]) -> Sequence[Group]:
    return [
        Group(event, event_title(event), tuple(these))
        for event, these in groupby(blocks, key=lambda each: each.event)
    ]


def _without(rulebook: Rulebook, blocks: Sequence[Block]) -> Sequence[str]:
    """Kinds of events that no rule tells anybody of."""
    told = {each.event for each in blocks if not each.withholds}
    return [event_title(v.type) for v in rulebook.vocabulary.values() if v.type not in told]


def _choices(blocks: Sequence[Block]) -> dict[str, Sequence[Choice]]:
    """What can be chosen from: only what some block has."""
    services = {service for each in blocks for service in each.services}
    owners = sorted({each.owner for each in blocks if each.owner})
    sources = sorted({source for each in blocks for source in (*each.sources, *each.pathways)})
    return {
        "events": [(group.event.value, group.title) for group in _groups(blocks)],
        "services": [(each.value, sentence(each.value)) for each in Service if each in services],
        "owners": [(each, sentence(each.replace(".", " "))) for each in owners],
        "sources": [(each, each) for each in sources],
    }
