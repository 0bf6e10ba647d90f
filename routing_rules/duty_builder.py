"""Building duties about one person from the tell lines that fired: joined, timed, disclosed."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from routing_rules.action_dates import act_by
from routing_rules.clocks import due_by, out_of_hours_contact
from routing_rules.consent import rests_on
from routing_rules.content import (
    Audience,
    content_for,
    hides_a_child,
    is_adult,
    is_of_accused_alone,
)
from routing_rules.content_parts import own_actions
from routing_rules.decision import OwedDuty, Reason, Subject
from routing_rules.directory import Team
from routing_rules.disclosure import Part
from routing_rules.drafted_notices import Candidate, Drafted, join
from routing_rules.facts import Facts, PersonFacts
from routing_rules.handling import handling_of
from routing_rules.no_team import NoTeam
from routing_rules.returns import Placing
from routing_rules.rulebook import Rulebook
from routing_rules.subjects import needs_safe_contact
from routing_rules.withholding import NOTHING_WITHHELD, Withholding
from schemas.events import MaracOutcome, family_of
from schemas.values import Ask, NotificationKind, Service, Urgency

NO_SAFE_CONTACT = "Do not phone, text or write."
CONFIDENTIAL = Reason("confidential", "It is confidential; ask the service that was to be told.")
UNREADABLE = "unknown"
"""What stands in `do_not_tell` for a name that could not be read."""
_NOT_FOR_EVERYBODY = frozenset({Part.FGM, Part.SEXUAL_HEALTH, Part.NARRATIVE})
"""What a team hears only where the rule means it, and not all hospitals."""


@dataclass(frozen=True, slots=True)
class DutyBuilder:
    """Builds the duties about one person, less what is withheld about them."""

    facts: Facts
    person: PersonFacts
    rulebook: Rulebook
    withheld: Withholding = NOTHING_WITHHELD

    def duties(self, candidates: Iterable[Candidate]) -> list[OwedDuty]:
        """One duty a recipient, and one exception a service that could not be told."""
        return [self._duty(notice) for notice in self.drafted(candidates)]

    def drafted(self, candidates: Iterable[Candidate]) -> list[Drafted]:
        """Who is told by whose tell lines, before it is said what.

        What is immediate goes to the out-of-hours contact as well, if the team was closed when
        any of the occurrence's events was published.
        """
        notices: dict[tuple[str, Service | None], Drafted] = {}
        for candidate in map(self._placed, candidates):
            if isinstance(candidate.team, Team) and not self._is_refused(candidate.team):
                join(notices, candidate.team, None, [candidate])
            elif (handler := self._handler(candidate)) is not None:
                join(notices, handler, candidate.service, [candidate], is_handled=True)
            else:
                mash = self.rulebook.mash(self.facts.on)
                join(notices, mash, candidate.service, [candidate])
        for notice in tuple(notices.values()):
            contact = self._out_of_hours(notice)
            if isinstance(contact, Team):
                handled, also = notice.is_handled, notice.candidates
                join(notices, contact, notice.stands_for, also, is_handled=handled)
            elif contact is not None:
                mash = self.rulebook.mash(self.facts.on)
                alone = [replace(each, team=contact) for each in notice.candidates]
                join(notices, mash, contact.service, alone)
        return list(notices.values())

    def reasons(self, notice: Drafted) -> tuple[Reason, ...]:
        """Why it is told; a withheld reason never shows, not even to MASH."""
        service = notice.team.service
        shown = [c for c in notice.candidates if self.withheld.shows(c.rule, service)]
        return tuple(dict.fromkeys(Reason(c.rule, c.why) for c in shown)) or (CONFIDENTIAL,)

    def _handler(self, candidate: Candidate) -> Team | None:
        """The standing handler of a known gap, unless it may not be told of this."""
        if not isinstance(candidate.team, NoTeam):
            return None
        handler = self._handler_of(candidate.team)
        if handler is None or not self.withheld.tells(candidate.rule, handler.service):
            return None
        return handler

    def _handler_of(self, gap: NoTeam) -> Team | None:
        family = family_of(self.facts.type)
        handler = self.rulebook.directory.standing_handler(
            gap, self.person.district, family, self.facts.on
        )
        return None if handler is None or self._is_refused(handler) else handler

    def _is_refused(self, team: Team) -> bool:
        """Whether the publisher says so; a name that cannot be read may be this team's."""
        refused = self.facts.data.do_not_tell
        return any(name in refused for name in (team.recipient, team.organisation, UNREADABLE))

    @property
    def _placing(self) -> Placing:
        return Placing(
            self.person.party.key,
            self.facts.returns,
            self.rulebook.directory,
            self.rulebook.mash(self.facts.on),
            self.facts.on,
            self._is_refused,
            self._handler_of,
        )

    def _placed(self, candidate: Candidate) -> Candidate:
        """The tell line with whom it reaches after what was returned."""
        if not self.facts.returns:
            return candidate
        team, moved_at = self._placing.place(candidate.service, candidate.team)
        if moved_at is None:
            return candidate
        first = candidate.team if isinstance(candidate.team, Team) else None
        return replace(candidate, team=team, first=first, moved_at=moved_at)

    def _out_of_hours(self, notice: Drafted) -> Team | NoTeam | None:
        """The contact to tell as well; nobody's, if the contact has returned it."""
        if notice.team.out_of_hours is None or notice.urgency is not Urgency.IMMEDIATE:
            return None
        moved = {c.moved_at for c in notice.candidates if c.moved_at is not None}
        contacts = (
            out_of_hours_contact(self.rulebook, notice.team, Urgency.IMMEDIATE, at, self.facts.on)
            for at in (*self.facts.publications, *sorted(moved))
        )
        contact = next((each for each in contacts if each is not None), None)
        if contact is None or self._is_refused(contact):
            return None
        if not self.withheld.permits(contact.service):
            return None
        return self._placing.place(notice.stands_for or contact.service, contact).team

    def _duty(self, notice: Drafted) -> OwedDuty:
        team, published_at = notice.team, self.facts.published_at
        asks = self._asks(notice)
        withheld = self.withheld.allowed is not None
        return OwedDuty(
            service=team.service,
            recipient=team.recipient,
            organisation=team.organisation,
            kind=NotificationKind.EXCEPTION if notice.stands_for else NotificationKind.NOTIFY,
            about=self._subject(),
            urgency=notice.urgency,
            respond_by=min(
                due_by(self.rulebook, urgency, published_at, team)
                for urgency in {candidate.urgency for candidate in notice.candidates}
            ),
            asks=asks,
            reasons=self.reasons(notice),
            content=content_for(self.facts, self.person, self._audience(notice)),
            handling=handling_of(self.facts, self.person, team, withheld=withheld),
            safe_contact=self._safe_contact(),
            instead_of=notice.stands_for,
            because=self._because(notice),
            act_by=self._act_by(notice) if Ask.ACT in asks else None,
            district=self.person.district,
            consent=rests_on(self.facts.data),
        )

    def _because(self, notice: Drafted) -> str | None:
        """Why the service could not be told, without a team that would lead to a hidden child."""
        if not hides_a_child(self.facts, self.person):
            return notice.because
        return replace(notice, candidates=[*map(_unnamed, notice.candidates)]).because

    def _act_by(self, notice: Drafted) -> datetime | None:
        service = notice.team.service
        organisations, calendar = notice.organisations, self.rulebook.calendar
        return act_by(self.facts.data, service, organisations, notice.stands_for, calendar)

    def _asks(self, notice: Drafted) -> tuple[Ask, ...]:
        if notice.stands_for is not None:
            return (Ask.ACKNOWLEDGE, Ask.ACT)
        asks = {ask for candidate in notice.candidates for ask in candidate.asks}
        data = self.facts.data
        if isinstance(data, MaracOutcome):
            own = own_actions(data, notice.team.service, notice.organisations)
            asks |= {Ask.ACT} if own else set()
        return tuple(ask for ask in Ask if ask in asks)

    def _audience(self, notice: Drafted) -> Audience:
        team = notice.team
        parts = self.rulebook.disclosure.parts(
            self.facts.type, team.service, about_child=not is_adult(self.person)
        )
        parts = parts if notice.carries_event else frozenset()
        parts -= _NOT_FOR_EVERYBODY if notice.only_everywhere else frozenset()
        hidden = self.withheld.hidden_from(team.service)
        return Audience(team.service, notice.organisations, parts, hidden, notice.stands_for)

    def _subject(self) -> Subject:
        """Who it is about; never with a number that is that of somebody guarded."""
        party = self.person.party
        number = party.person.nhs_number
        if any(p.party.guarded and p.party.person.nhs_number == number for p in self.facts.people):
            number = None
        return Subject(
            key=party.key,
            ref=party.person.ref,
            role=party.person.role,
            nhs_number=number,
            name=party.person.name,
            date_of_birth=party.person.date_of_birth,
        )

    def _safe_contact(self) -> str | None:
        """How the victim may be contacted; silence about it means not at all.

        It is the victim's: for the unborn child of the accused, or somebody who is accused and
        victim at once, nobody can tell whose it is, so it is not passed on.
        """
        if not needs_safe_contact(self.facts.data):
            return self.facts.data.safe_contact
        party = self.person.party
        through_accused = party.mother_is_guarded or self.person.is_known_through_accused
        if through_accused or party.is_accused or is_of_accused_alone(self.facts, self.person):
            return NO_SAFE_CONTACT
        return self.facts.data.safe_contact or NO_SAFE_CONTACT


def _unnamed(candidate: Candidate) -> Candidate:
    team = candidate.team
    if not isinstance(team, NoTeam) or team.recipient is None:
        return candidate
    return replace(candidate, team=replace(team, recipient="whoever was told"))
