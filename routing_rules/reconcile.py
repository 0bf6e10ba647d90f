"""Reconciling a decision with the duties held: what is newly owed, changed or withdrawn.

What is already owed is not owed twice, what is new is added, what changed is sent as an update,
and what a later event merely leaves out stays owed. Ids are worked out, never drawn, so that
doing it again gives the same rows.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID, uuid5

from pydantic_core import to_json

from routing_rules.case import HeldDuty
from routing_rules.content import name_as_json
from routing_rules.decision import Json, OwedDuty, Subject
from schemas.values import DutyState, NotificationKind

_FIELDFARE = UUID("f1e1dfa2-e000-4000-8000-000000000001")
ESCALATION_KEY = "escalation"
NEWLY_OWED = "owed"
CHANGED = "what was told has changed"
MOVED = "somebody else is to be told instead"
UNFOUNDED = "what was learned later shows that it was not theirs to be told"
LEARNED_LATER = "learned later"

Identity = tuple[str, str, str, str, str]
"""Person, service, recipient, kind and what an exception stands for: one duty an episode."""


@dataclass(frozen=True, slots=True)
class Step:
    """One change to make: the duty as it then stands, and the kind of notice that says so."""

    held: HeldDuty
    owed: OwedDuty | None
    kind: NotificationKind
    supersedes: UUID | None
    late: bool
    why: str


def reconcile(
    belongs_to: UUID,
    owed: Iterable[OwedDuty],
    held: Sequence[HeldDuty],
    *,
    withdrawn: Mapping[str, str],
    at: datetime,
) -> tuple[Step, ...]:
    """The steps from the duties held to what is owed now.

    `belongs_to` is the occurrence (or the dead letter). `withdrawn` gives, by person key, why
    everything about that person is withdrawn, and by duty id, why that duty is. `at` is the time
    of routing.
    """
    owed = tuple(owed)
    latest: dict[Identity, HeldDuty] = {}
    for duty in sorted(held, key=lambda duty: duty.episode):
        latest[identity_of_held(duty)] = duty
    moved = _moved(latest.values(), owed, withdrawn)
    steps: list[Step] = []
    for duty in latest.values():
        why = withdrawn.get(duty.person_key)
        why = why or (MOVED if duty in moved else withdrawn.get(str(duty.duty_id)))
        if why is not None and duty.state is not DutyState.WITHDRAWN:
            steps.append(_withdraw(duty, why))
    for due in owed:
        step = _owe(belongs_to, due, latest.get(identity_of_owed(due)), at)
        if step is not None:
            steps.append(step)
    return tuple(steps)


def learned_later(steps: Iterable[Step]) -> tuple[Step, ...]:
    """The same steps where no event says something new, but the register does: told late."""
    return tuple(
        step if step.owed is None else replace(step, late=True, why=LEARNED_LATER) for step in steps
    )


def _moved(
    held: Iterable[HeldDuty], owed: Iterable[OwedDuty], withdrawn: Mapping[str, str]
) -> list[HeldDuty]:
    """Open duties to a recipient who is not the one to be told after all: somebody new is.

    An exception ends when the service that it stands for can be told, and the reverse. Where
    nobody new is told of a service, nobody has moved: what is not owed any more at all, such as
    a closed action or the copy to an out-of-hours contact, stays told.
    """
    held = tuple(held)
    if not held:
        return []
    told = {identity_of_held(d) for d in held if d.state is not DutyState.WITHDRAWN}
    owed_now = {identity_of_owed(duty) for duty in owed}
    newly_told = {
        (_key_of(duty), duty.instead_of or duty.service)
        for duty in owed
        if identity_of_owed(duty) not in told
    }
    return [
        duty
        for duty in held
        if duty.person_key not in withdrawn
        and not duty.is_ended
        and identity_of_held(duty) not in owed_now
        and (duty.person_key, duty.instead_of or duty.service) in newly_told
    ]


def fingerprint(duty: OwedDuty) -> bytes:
    """What the recipient would notice: content, urgency, handling, asks, contact and identity."""
    noticed = {
        "about": about_as_json(duty.about),
        "content": duty.content,
        "urgency": duty.urgency,
        "handling": duty.handling,
        "asks": duty.asks,
        "safe_contact": duty.safe_contact,
        "because": duty.because,
    }
    return hashlib.sha256(to_json(noticed)).digest()


def about_as_json(about: Subject | None) -> dict[str, Json] | None:
    """A notification's `about`."""
    if about is None:
        return None
    born = about.date_of_birth
    return {
        "ref": about.ref,
        "role": about.role.value,
        "nhs_number": about.nhs_number,
        "name": name_as_json(about.name),
        "date_of_birth": born.isoformat() if born else None,
    }


def _key_of(duty: OwedDuty) -> str:
    if duty.about is not None:
        return duty.about.key
    return ESCALATION_KEY if duty.kind is NotificationKind.ESCALATE else duty.matter_key


def identity_of_owed(duty: OwedDuty) -> Identity:
    """What makes it the same duty, whatever it tells."""
    return (_key_of(duty), duty.service, duty.recipient, duty.kind, duty.instead_of or "")


def identity_of_held(duty: HeldDuty) -> Identity:
    """What makes it the same duty, whatever it tells."""
    return (duty.person_key, duty.service, duty.recipient, duty.kind, duty.instead_of or "")


def _owe(belongs_to: UUID, duty: OwedDuty, held: HeldDuty | None, at: datetime) -> Step | None:
    if held is not None and held.state is not DutyState.WITHDRAWN:
        mark = fingerprint(duty)
        if held.fingerprint == mark:
            return None
        if not held.is_ended:
            return _update(held, duty, mark, at)
    return _new_episode(belongs_to, duty, held, at)


def _new_episode(belongs_to: UUID, duty: OwedDuty, before: HeldDuty | None, at: datetime) -> Step:
    """Owed for the first time, or again after it ended or was withdrawn."""
    episode = 1 if before is None else before.episode + 1
    duty_id = duty_id_of(belongs_to, identity_of_owed(duty), episode)
    held = HeldDuty(
        duty_id=duty_id,
        person_key=_key_of(duty),
        service=duty.service,
        recipient=duty.recipient,
        organisation=duty.organisation,
        kind=duty.kind,
        instead_of=duty.instead_of,
        episode=episode,
        revision=1,
        fingerprint=fingerprint(duty),
        notification_id=notification_id(duty_id, 1),
        state=DutyState.OWED,
        urgency=duty.urgency,
        respond_by=duty.respond_by,
        about=about_as_json(duty.about),
        is_ended=False,
    )
    changes = before is not None and before.state is not DutyState.WITHDRAWN
    return Step(
        held=held,
        owed=duty,
        kind=NotificationKind.UPDATE if changes else duty.kind,
        supersedes=before.notification_id if before and changes else None,
        late=at > duty.respond_by,
        why=CHANGED if changes else NEWLY_OWED,
    )


def _update(held: HeldDuty, duty: OwedDuty, mark: bytes, at: datetime) -> Step:
    """An update asks again, and is never due later than what it supersedes."""
    revision = held.revision + 1
    due = min(held.respond_by, duty.respond_by)
    updated = replace(
        held,
        revision=revision,
        fingerprint=mark,
        notification_id=notification_id(held.duty_id, revision),
        state=DutyState.OWED,
        urgency=duty.urgency,
        respond_by=due,
        about=about_as_json(duty.about),
    )
    return Step(
        held=updated,
        owed=duty,
        kind=NotificationKind.UPDATE,
        supersedes=held.notification_id,
        late=at > due,
        why=CHANGED,
    )


def _withdraw(held: HeldDuty, why: str) -> Step:
    revision = held.revision + 1
    withdrawn = replace(
        held,
        revision=revision,
        notification_id=notification_id(held.duty_id, revision),
        state=DutyState.WITHDRAWN,
        is_ended=True,
    )
    return Step(
        held=withdrawn,
        owed=None,
        kind=NotificationKind.WITHDRAW,
        supersedes=held.notification_id,
        late=False,
        why=why,
    )


def duty_id_of(belongs_to: UUID, identity: Identity, episode: int) -> UUID:
    """A duty's id: of the matter that it belongs to, its identity and its episode."""
    escalation_step = 0
    return uuid5(
        _FIELDFARE, "|".join((str(belongs_to), *identity, f"{escalation_step}", f"{episode}"))
    )


def notification_id(duty_id: UUID, revision: int) -> UUID:
    """A notification's id: of its duty and revision."""
    return uuid5(duty_id, f"revision {revision}")
