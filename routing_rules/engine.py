"""Routing: which duties follow from the facts of one occurrence, and who is not told, and why.

`route` is pure: the same facts and rulebook give the same decision, so every decision can be
replayed. Every rule that matches fires; withheld matters are subtracted from all of them; one
duty remains per human and recipient.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from routing_rules.concern import is_of_concern
from routing_rules.conference_actions import owners_of_actions
from routing_rules.data_quality import data_quality
from routing_rules.decision import Decision, NotTold, OwedDuty, Verdict
from routing_rules.document import Place, Rule, Tell, UrgencyByField, Withhold
from routing_rules.drafted_notices import Candidate, Drafted
from routing_rules.duty_builder import DutyBuilder
from routing_rules.facts import Facts, PersonFacts
from routing_rules.humans import usable_nhs_number
from routing_rules.interpreter import evaluate
from routing_rules.known import Firing
from routing_rules.recipients import find_recipients
from routing_rules.register_history import has_fired_before
from routing_rules.rulebook import Rulebook
from routing_rules.withholding import Withholding, withholding
from schemas.values import Role, Urgency

GUARDED = "only an alleged perpetrator: nothing is ever told about them"
NO_RULE = "no rule applies"
THE_EVENT = "the event"
"""Stands for a person where an event names nobody."""
NAMES_NOBODY = "nobody is named in it"
NO_RULE_THOUGH = "no rule applies, though somebody should be told"
"""What is recorded of a person of concern: a missed notification, and not a choice."""
TOLD_AS_VICTIM = "told about as a victim, under another ref"
ANOTHER_REF = "told about under another ref"
_FIRST_TOLD_AS = (Role.VICTIM, Role.PATIENT)


@dataclass(frozen=True, slots=True)
class _Matched:
    """One ref of a human, with the rules and withhold blocks that match it."""

    person: PersonFacts
    rules: Sequence[Rule]
    blocks: Sequence[Withhold]

    @property
    def ref(self) -> str:
        """The ref itself."""
        return self.person.party.person.ref


@dataclass(frozen=True, slots=True)
class _Routing:
    """What is told about one human: under the first of the refs, by the rules of all of them."""

    facts: Facts
    rulebook: Rulebook
    refs: Sequence[_Matched]
    withheld: Withholding
    candidates: Sequence[Candidate]
    fired_once: tuple[tuple[str, str], ...] = ()

    def heard(self, actions: Sequence[Candidate] = ()) -> list[Candidate]:
        """Those tell lines that reach their service, and those actions."""
        candidates = (*self.candidates, *actions)
        return [c for c in candidates if self.withheld.tells(c.rule, c.service)]

    def told(self, actions: Sequence[Candidate]) -> tuple[list[OwedDuty], list[NotTold]]:
        """The duties of those who may hear it, and who is not told, and why."""
        person, ref = self.refs[0].person, self.refs[0].ref
        if not self.candidates and not actions:
            of_concern = any(is_of_concern(self.facts, each.person) for each in self.refs)
            because = NO_RULE_THOUGH if of_concern else NO_RULE
            return [], [NotTold(each.ref, None, because) for each in self.refs]
        heard = self.heard(actions)
        reached = {candidate.service for candidate in heard}
        services = dict.fromkeys(c.service for c in (*self.candidates, *actions))
        because, basis = self.withheld.because, self.withheld.basis
        nobody = [NotTold(ref, s, because, basis) for s in services if s not in reached]
        nobody += [NotTold(other.ref, None, ANOTHER_REF) for other in self.refs[1:]]
        return self._builder(person).duties(heard), nobody

    def drafted(self, actions: Sequence[Candidate]) -> Iterable[tuple[DutyBuilder, Drafted]]:
        """Whom `told` tells, before it is said what."""
        if not self.candidates and not actions:
            return ()
        builder = self._builder(self.refs[0].person)
        return [(builder, notice) for notice in builder.drafted(self.heard(actions))]

    def _builder(self, person: PersonFacts) -> DutyBuilder:
        return DutyBuilder(self.facts, person, self.rulebook, self.withheld)


def route(facts: Facts, rulebook: Rulebook, *, explain: bool = False) -> Decision:
    """Decide who must be told about whom. With `explain`, every rule's verdict is given too."""
    nobody = [
        NotTold(person.party.person.ref, None, because)
        for person in facts.people
        if (because := _never_told(person)) is not None
    ]
    if not facts.people:
        nobody.append(NotTold(THE_EVENT, None, NAMES_NOBODY))
    routings = [_routing(facts, rulebook, refs) for refs in _humans(facts, rulebook)]
    actions = owners_of_actions(facts, [c for each in routings for c in each.heard()], rulebook)
    victim = min(routings, key=_role_of_routing, default=None)
    if victim is None and facts.people:
        ref = facts.people[0].party.person.ref
        nobody += [NotTold(ref, action.service, GUARDED) for action in actions]
    duties: list[OwedDuty] = []
    for routing in routings:
        told, not_told = routing.told(actions if routing is victim else ())
        duties += told
        nobody += not_told
    verdicts = tuple(_verdicts(facts, rulebook)) if explain else ()
    fired_once = tuple(once for routing in routings for once in routing.fired_once)
    return Decision(tuple(duties), tuple(nobody), verdicts, fired_once)


def who_is_told(facts: Facts, rulebook: Rulebook) -> Iterable[tuple[DutyBuilder, Drafted]]:
    """Whom `route` tells, person by person, without what they are told and who is not.

    It looks at features and places, never at what content is made of: see `routing_rules.footing`.
    """
    routings = [_routing(facts, rulebook, refs) for refs in _humans(facts, rulebook)]
    actions = owners_of_actions(facts, [c for each in routings for c in each.heard()], rulebook)
    victim = min(routings, key=_role_of_routing, default=None)
    for routing in routings:
        yield from routing.drafted(actions if routing is victim else ())


def _never_told(person: PersonFacts) -> str | None:
    """Why nothing is ever told under this ref, if so."""
    if person.party.guarded:
        return GUARDED
    return None if person.party.told_as is None else TOLD_AS_VICTIM


def _humans(facts: Facts, rulebook: Rulebook) -> Iterable[Sequence[_Matched]]:
    """The refs of everybody who may be told about, those of one human together, victim first."""
    people = [person for person in facts.people if _never_told(person) is None]
    features = [person.features for person in people]
    rules = rulebook.compiled.matching(facts.type, facts.event, features)
    blocks = rulebook.compiled.withholding(facts.type, facts.event, features)
    humans: dict[str, list[_Matched]] = {}
    for matched in map(_Matched, people, rules, blocks):
        humans.setdefault(matched.person.party.human, []).append(matched)
    return [sorted(refs, key=_place_of_role) for refs in humans.values()]


def _place_of_role(matched: _Matched) -> int:
    role = matched.person.party.person.role
    return _FIRST_TOLD_AS.index(role) if role in _FIRST_TOLD_AS else len(_FIRST_TOLD_AS)


def _role_of_routing(routing: _Routing) -> int:
    return _place_of_role(routing.refs[0])


def _routing(facts: Facts, rulebook: Rulebook, refs: Sequence[_Matched]) -> _Routing:
    withheld = withholding(
        facts, [ref.person for ref in refs], [ref.blocks for ref in refs], rulebook
    )
    fired = [
        (ref.person, rule) for ref in refs for rule in ref.rules if _may_fire(facts, ref, rule)
    ]
    candidates = [
        candidate
        for person, rule in fired
        for tell in rule.tell
        for candidate in _candidates(facts, rulebook, person, rule, tell)
    ]
    candidates += data_quality(facts, [ref.person for ref in refs], rulebook)
    once = tuple(
        (rule.name, number)
        for person, rule in fired
        if rule.once_per_days is not None
        and all(withheld.tells(c.rule, c.service) for c in candidates if c.rule == rule.name)
        and (number := usable_nhs_number(person.party.person)) is not None
    )
    return _Routing(facts, rulebook, refs, withheld, candidates, once)


def _may_fire(facts: Facts, matched: _Matched, rule: Rule) -> bool:
    """Whether a rule that fires once per crossing has not fired for this person already."""
    if rule.once_per_days is None:
        return True
    firing = Firing(rule.name, "", facts.occurred_at, facts.occurrence_id)
    return not has_fired_before(matched.person.fired, firing, days=rule.once_per_days)


def _candidates(
    facts: Facts, rulebook: Rulebook, person: PersonFacts, rule: Rule, tell: Tell
) -> Iterable[Candidate]:
    urgency = _urgency(tell, facts, person)
    for service, team in find_recipients(tell, facts, person, rulebook.directory):
        everywhere = tell.place is Place.EVERY_HOSPITAL
        yield Candidate(
            rule.name,
            rule.why,
            service,
            team,
            urgency,
            tell.asks,
            everywhere=everywhere,
        )


def _urgency(tell: Tell, facts: Facts, person: PersonFacts) -> Urgency:
    if not isinstance(tell.urgency, UrgencyByField):
        return tell.urgency
    features = person.features if tell.urgency.of_person else facts.event
    word = features[tell.urgency.field]
    return tell.urgency.by_word.get(str(word), Urgency.IMMEDIATE)


def _verdicts(facts: Facts, rulebook: Rulebook) -> Iterable[Verdict]:
    """What each rule says of each person; none fires for somebody who is never told about."""
    for person in facts.people:
        never = _never_told(person)
        for rule in rulebook.rules_for(facts.type):
            verdict = evaluate(rule, facts.event, person.features, person.party.person.ref)
            if never is not None and verdict.fired:
                verdict = replace(verdict, fired=False, because=never)
            yield verdict
