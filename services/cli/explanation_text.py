"""An explanation as text that a named nurse can read from top to bottom."""

from collections.abc import Iterable, Iterator
from textwrap import wrap

from schemas.events import Event
from schemas.occurrence import occurred_at
from services.cli.explanation import About, Duty, Explanation, NotTold, Outcome, Verdict
from services.cli.wording import counted, event_words, listed, london_time, plain

_WIDTH = 100
_LABEL = 14
_ABBREVIATED = frozenset({"gp", "camhs", "mash"})


def explanation_text(event: Event, explained: Explanation) -> str:
    """Who is told and by when, who is not, and what every rule said of every person.

    Times are by the clock in London. It holds NHS numbers, as the event does: for the eyes of
    whoever has the event.
    """
    roles = _roles(explained.decision, event)
    return "\n".join(
        (
            *_heading(event),
            *_warnings(explained),
            *_told(explained.decision.duties),
            *_not_told(explained.decision.nobody, roles),
            *_verdicts(explained.decision.rules, roles),
        )
    )


def _heading(event: Event) -> Iterator[str]:
    what = event_words(event.type)
    yield f"{what[:1].upper()}{what[1:]}, from {event.publisher}"
    yield from _field("happened", london_time(occurred_at(event.data, event.time)), indent=2)
    yield from _field("published", london_time(event.time), indent=2)


def _warnings(explained: Explanation) -> Iterator[str]:
    if explained.warnings:
        yield ""
        yield f"WARNINGS TO THE PUBLISHER ({len(explained.warnings)})"
        for warning in explained.warnings:
            yield from _wrapped(f"{warning.field}: {warning.reason}", indent=2)


def _told(duties: tuple[Duty, ...]) -> Iterator[str]:
    yield ""
    yield f"WHO IS TOLD ({counted(len(duties), 'duty')})" if duties else "NOBODY IS TOLD"
    for about in dict.fromkeys(duty.about for duty in duties):
        yield ""
        yield f"  About {'what cannot be used' if about is None else _person(about)}"
        for duty in duties:
            if duty.about == about:
                yield f"    {_service(duty)}: {duty.recipient}"
                yield from _duty_fields(duty)


def _service(duty: Duty) -> str:
    name = _capital(duty.service)
    return name if duty.instead_of is None else f"{name} instead of {plain(duty.instead_of)}"


def _capital(service: str) -> str:
    return service.upper() if service in _ABBREVIATED else plain(service).capitalize()


def _duty_fields(duty: Duty) -> Iterator[str]:
    yield from _field("by", f"{london_time(duty.respond_by)} ({plain(duty.urgency)})")
    asked = listed(plain(ask) for ask in duty.asks) if duty.asks else "nothing: for information"
    yield from _field("is asked to" if duty.asks else "is asked", asked)
    if duty.because is not None:
        yield from _field("because", duty.because)
    for reason in duty.reasons:
        yield from _field("why", f"{reason.why} [{reason.rule}]")
    if duty.handling:
        yield from _field("handling", ", ".join(plain(item) for item in duty.handling))
    if duty.safe_contact is not None:
        yield from _field("safe contact", duty.safe_contact)


def _not_told(nobody: tuple[NotTold, ...], roles: dict[str, str]) -> Iterator[str]:
    if not nobody:
        return
    yield ""
    yield f"WHO IS NOT TOLD, AND WHY ({len(nobody)})"
    for item in nobody:
        who = "nobody is told" if item.service is None else f"{plain(item.service)} is not told"
        yield ""
        yield f"  About {_named(item.about, roles)}: {who}"
        yield from _field("because", item.because)
        if item.basis is not None:
            yield from _field("basis", item.basis)


def _verdicts(verdicts: tuple[Verdict, ...], roles: dict[str, str]) -> Iterator[str]:
    yield ""
    yield f"EVERY RULE, PERSON BY PERSON ({counted(len(verdicts), 'verdict')})"
    for ref in dict.fromkeys(verdict.about for verdict in verdicts):
        yield ""
        yield f"  {_named(ref, roles)}"
        about = [verdict for verdict in verdicts if verdict.about == ref]
        for verdict in sorted(about, key=lambda each: not each.fired):
            mark = "fires" if verdict.fired else "does not"
            yield from _field(mark, f"{verdict.rule}: {verdict.because}", indent=4)


def _roles(outcome: Outcome, event: Event) -> dict[str, str]:
    from_duties = {duty.about.ref: duty.about.role for duty in outcome.duties if duty.about}
    data = event.data.model_dump(mode="json", include={"people", "patient"})
    people = [*data.get("people", ()), *([data["patient"]] if "patient" in data else [])]
    return {**from_duties, **{person["ref"]: person["role"] for person in people}}


def _named(ref: str, roles: dict[str, str]) -> str:
    role = plain(roles.get(ref, ""))
    return ref if role in {"", plain(ref)} else f"{ref} ({role})"


def _person(about: About) -> str:
    named = _named(about.ref, {about.ref: about.role})
    number = about.nhs_number
    if number is None:
        return f"{named}, NHS number not known"
    return f"{named}, NHS number {number[:3]} {number[3:6]} {number[6:]}"


def _field(label: str, text: str, indent: int = 6) -> Iterable[str]:
    return _wrapped(f"{label:<{_LABEL}}{text}", indent=indent, hanging=_LABEL)


def _wrapped(text: str, indent: int, hanging: int = 2) -> Iterable[str]:
    return wrap(
        text,
        _WIDTH,
        initial_indent=" " * indent,
        subsequent_indent=" " * (indent + hanging),
        break_on_hyphens=False,
    )
