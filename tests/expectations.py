"""Checks what was told against what an example expects, the same for a unit and an end-to-end test.

It takes notification-like mappings (from `rules explain`, or read from Kafka), the recorded
"nobody is told", and the reply's warnings or refusal. The words of `expect` are those of the
examples' README.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Told = Mapping[str, Any]

KNOWN = {
    "duties": "each must be owed",
    "never": "nothing may match it",
    "only_services": "to these and no other",
    "nobody": "it is said why not",
    "carries": "the last match contains these texts",
    "private": "no match contains these texts",
    "once": "no duty twice, no gap in a sequence",
    "warned": "accepted, with a warning about this field",
    "refused": "refused for this field",
    "must_not_leak": "in nothing that was written",
    "about_known": "the number of somebody whom only the register knows",
}
"""Everything that an example may expect, and what it means."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What became of an example's events.

    `told` is in the order in which it was sent. `refused` is the field that a refusal names.
    `texts` is whatever else was written (replies, logs, pages), to be searched for leaks.
    """

    told: Sequence[Told] = ()
    nobody: Sequence[Told] = ()
    warned: Sequence[str] = ()
    refused: str | None = None
    texts: Sequence[str] = ()


def unmet(expect: Mapping[str, Any], seen: Seen) -> list[str]:
    """What an example expects and was not seen, one line each; empty when all is well."""
    return list(_Check(expect, seen).problems())


def standing(told: Sequence[Told]) -> list[Told]:
    """What now stands: the last notification of each duty, unless it withdraws."""
    last = {str(one.get("duty_id", place)): one for place, one in enumerate(told)}
    return [one for one in last.values() if one.get("kind") != "withdraw"]


@dataclass(frozen=True, slots=True)
class _Check:
    expect: Mapping[str, Any]
    seen: Seen

    def problems(self) -> Iterator[str]:
        unknown = self.expect.keys() - KNOWN.keys()
        if unknown:
            yield f"the example expects what nobody checks: {', '.join(sorted(unknown))}"
        yield from self._owed()
        yield from self._nobody()
        yield from self._texts()
        yield from self._publisher()
        if self.expect.get("once"):
            yield from _repeats(self.seen.told)

    def _owed(self) -> Iterator[str]:
        stands = standing(self.seen.told)
        for wanted in self.expect.get("duties", ()):
            if not any(self._matches(one, wanted) for one in stands):
                yield f"not owed: {_shown(wanted)}; owed: {_summary(stands)}"
        for unwanted in self.expect.get("never", ()):
            found = [one for one in self.seen.told if self._matches(one, unwanted)]
            if found:
                yield f"must never be told: {_shown(unwanted)}; told: {_summary(found)}"
        for ref, services in self.expect.get("only_services", {}).items():
            of_person = [one for one in self.seen.told if self._matches(one, {"about": ref})]
            others = [one for one in of_person if one["service"] not in services]
            if others:
                yield f"{ref} only to {', '.join(services)}; told: {_summary(others)}"

    def _nobody(self) -> Iterator[str]:
        for wanted in self.expect.get("nobody", ()):
            if not any(self._says_nobody(one, wanted) for one in self.seen.nobody):
                yield f"nobody says why not: {_shown(wanted)}"

    def _says_nobody(self, one: Told, wanted: Told) -> bool:
        service = one.get("service")
        return one["about"] == wanted["about"] and service in (None, wanted.get("service"))

    def _texts(self) -> Iterator[str]:
        for wanted in self.expect.get("carries", ()):
            found = self._matching(wanted, without="must_contain")
            last = _text(found[-1]) if found else ""
            for text in wanted["must_contain"]:
                if text not in last:
                    yield f"{_shown(wanted)}: does not carry '{text}'"
        for unwanted in self.expect.get("private", ()):
            for one in self._matching(unwanted, without="must_not_contain"):
                for text in unwanted["must_not_contain"]:
                    if text in _text(one):
                        yield f"{_summary([one])}: carries '{text}', which is private"

    def _publisher(self) -> Iterator[str]:
        for field in self.expect.get("warned", ()):
            if field not in self.seen.warned:
                yield f"not warned of {field}; warned of: {', '.join(self.seen.warned)}"
        if self.expect.get("refused") != self.seen.refused:
            yield f"refused for {self.seen.refused}, expected {self.expect.get('refused')}"
        written = [*self.seen.texts, *map(_text, (*self.seen.told, *self.seen.nobody))]
        for secret in self.expect.get("must_not_leak", ()):
            if any(secret in text for text in written):
                yield f"leaked: '{secret}'"

    def _matching(self, wanted: Told, *, without: str) -> list[Told]:
        sought = {name: value for name, value in wanted.items() if name != without}
        return [one for one in self.seen.told if self._matches(one, sought)]

    def _matches(self, one: Told, wanted: Told) -> bool:
        return all(self._agrees(one, name, value) for name, value in wanted.items())

    def _agrees(self, one: Told, name: str, value: Any) -> bool:
        if name != "about":
            stated = one.get(name)
            return set(value) <= set(stated or ()) if isinstance(value, list) else stated == value
        about = one.get("about") or {}
        known = self.expect.get("about_known", {}).get(value)
        return bool(about.get("nhs_number") == known if known else about.get("ref") == value)


def _repeats(told: Sequence[Told]) -> Iterator[str]:
    """No duty told of twice as new, and each recipient's numbers without gap or repeat."""
    new = Counter(_identity(one) for one in told if one.get("kind") in ("notify", "exception"))
    for identity, times in new.items():
        if times > 1:
            yield f"told {times} times: {' '.join(identity)}"
    numbers: dict[str, list[int]] = {}
    for one in told:
        if "recipient_sequence" in one:
            numbers.setdefault(one["recipient"], []).append(one["recipient_sequence"])
    for recipient, sequence in numbers.items():
        if sequence != list(range(sequence[0], sequence[0] + len(sequence))):
            yield f"the sequence of {recipient} has a gap or a repeat: {sequence}"


def _identity(one: Told) -> tuple[str, ...]:
    about = one.get("about") or {}
    event = one.get("event") or {}
    parts = (
        one.get("duty_id"),
        event.get("source"),
        about.get("ref"),
        one["service"],
        one["recipient"],
        one.get("instead_of"),
    )
    return tuple(str(part) for part in parts if part is not None)


def _text(one: Told) -> str:
    return json.dumps(one, ensure_ascii=False)


def _shown(wanted: Told) -> str:
    return ", ".join(f"{name} {value}" for name, value in wanted.items())


def _summary(told: Sequence[Told]) -> str:
    return "; ".join(
        f"{(one.get('about') or {}).get('ref')} to {one['recipient']}"
        + (f" instead of {one['instead_of']}" if one.get("instead_of") else "")
        for one in told
    )
