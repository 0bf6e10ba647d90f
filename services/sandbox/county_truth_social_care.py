"""Who should be told of what social care tells: P12, P17, P31 to P33, P35."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from services.sandbox.county_truth_people import Someone
from services.sandbox.county_truth_recipients import MASH, Recipients, ToBeTold

_CHILDREN = {"child_elsewhere", "child_present", "child_resident_not_present"}
_SUBJECTS = _CHILDREN | {"unborn"}
_GROWN_UP = {"victim", "parent", "other_adult", "patient"}
_AT_HOME = ("health-visiting", "camhs", "adult-mental-health", "looked-after-health")


class SocialCare(Recipients):
    """What follows for each person of an event of social care; siblings are not meant."""

    def status(self, people: list[Someone], told: Mapping[str, Any]) -> Iterator[ToBeTold]:
        """P12 and P35: whoever keeps a flag, or may have a case open."""
        for person in people:
            if person.role in _SUBJECTS:
                yield from self._flags(person)
                yield from self._cases(person)
            if person.role in _CHILDREN and told.get("plan") == "looked_after":
                yield self.at_home(person, "looked-after-health")

    def outcome(self, people: list[Someone], told: Mapping[str, Any]) -> Iterator[ToBeTold]:
        """P33: as for a plan; hospitals have no flag to change where no plan starts or ends."""
        changes_a_flag = told.get("decision") not in {"no_plan", "adjourned"}
        for person in people:
            if person.role in _SUBJECTS:
                yield from self._flags(person) if changes_a_flag else ()
                yield from self._cases(person)

    def _flags(self, person: Someone) -> Iterator[ToBeTold]:
        yield from self.everywhere(person, "emergency")
        yield from self.everywhere(person, "paediatric-liaison")
        yield self.looked_up(person, "midwifery")

    def _cases(self, person: Someone) -> Iterator[ToBeTold]:
        yield self.practice(person)
        yield self.looked_up(person, "adult-mental-health")
        if person.role == "unborn":
            yield self.midwives(person)
            yield self.named_midwife(person)
            yield self.visitors(person)
            return
        yield self.looked_up(person, "camhs")
        yield from self.nurses(person)
        if self.is_without_nurse(person):
            yield self.looked_up(person, "school-nursing")

    def invitation(self, people: list[Someone], told: Mapping[str, Any]) -> Iterator[ToBeTold]:
        """P32: whoever is invited, of each child; nobody is left out for an independent school.

        Who is invited by name is told as well, and is enough where nobody else is found.
        """
        named = {
            s: each["recipient"] for s, each in told["invitees"].items() if "recipient" in each
        }
        patients_of = {person.practice for person in people}
        for person in people:
            found = frozenset(self._invited(person, told))
            named_too = {
                self._named(one, named[one.service], patients_of)
                for one in found
                if one.service in named
            }
            reached = {one.service for one in named_too if one.recipient != MASH}
            instead = {one for one in found if one.recipient == MASH and one.service in reached}
            yield from (found - instead) | named_too

    def _named(self, found: ToBeTold, name: str, patients_of: set[str | None]) -> ToBeTold:
        """Whom an invitation names; MASH for a name that nobody has, or a stranger's practice."""
        if self.teams.named(name) != found.service:
            return replace(found, recipient=MASH)
        if found.service != "gp":
            return replace(found, recipient=name)
        is_theirs = name in {self.teams.practice(practice) for practice in patients_of}
        return found if is_theirs else replace(found, recipient=MASH)

    def _invited(self, person: Someone, told: Mapping[str, Any]) -> Iterator[ToBeTold]:
        invited = {each["service"] for each in told["invitees"].values()}
        if person.role in _SUBJECTS:
            for service in sorted(invited & {*_AT_HOME}):
                yield self.at_home(person, service)
            if "gp" in invited:
                yield self.practice(person)
            if "midwifery" in invited:
                yield self.midwives(person)
            if "school-nursing" in invited and person.role != "unborn":
                yield from self._invited_nurses(person)
            if told.get("report_due_on") is None:
                yield self.at_home(person, "social-care")

    def _invited_nurses(self, person: Someone) -> Iterator[ToBeTold]:
        if self.is_pupil(person):
            yield self.school_nurses_though_independent(person)
        elif self.is_young(person):
            yield self.at_home(person, "school-nursing")

    def referral(self, people: list[Someone], told: Mapping[str, Any]) -> Iterator[ToBeTold]:
        """P31: the safeguarding team of whoever referred looks at each child, and a pregnancy."""
        for person in people:
            if person.role in _SUBJECTS or (person.role in _GROWN_UP and person.pregnant):
                yield self.safeguarding_of(person, told.get("referred_by"))

    def exploitation(self, people: list[Someone], _told: Mapping[str, Any]) -> Iterator[ToBeTold]:
        """P17: the practice and the school nurse; who assesses a looked-after child's health."""
        for person in people:
            if person.role not in _CHILDREN:
                continue
            yield self.practice(person)
            if self.is_pupil(person):
                yield self.school_nurses(person)
            if self.is_without_nurse(person):
                yield self.looked_up(person, "school-nursing")
            if person.flags & {"looked_after", "unknown"}:
                yield self.at_home(person, "looked-after-health")
