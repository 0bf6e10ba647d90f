"""The people of an occurrence: who is who, and who must never be told about.

One human may stand in an event under several refs (counter-allegations). What matters for the
perpetrator guard is the human, not the ref.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from routing_rules.ages import ADULT_AGE, age_at
from routing_rules.humans import completed, humans_of, usable_nhs_number
from routing_rules.subjects import may_be_violence, people_of, subject_of
from routing_rules.unborn import carried_by, unborn_key, unborn_of
from schemas.events import AnyEventData
from schemas.person import Person
from schemas.values import PersonStatus, Pregnant, Role

ADULT_ROLES = frozenset({Role.ACCOMPANYING_ADULT, Role.PARENT, Role.OTHER_ADULT})
CHILD_ROLES = frozenset(
    {
        Role.CHILD_PRESENT,
        Role.CHILD_RESIDENT_NOT_PRESENT,
        Role.CHILD_ELSEWHERE,
        Role.CHILD_KNOWN_TO_REGISTER,
    }
)
CHILDREN_OF_A_FAMILY = CHILD_ROLES | {Role.SIBLING, Role.DEPENDANT}
"""By what an event may call a child that is not its patient; some of them are grown up."""
_SAYS_NOT_PRESENT = frozenset({Role.ALLEGED_PERPETRATOR, Role.CHILD_KNOWN_TO_REGISTER})
_HARMED = frozenset({Role.VICTIM, Role.PATIENT})


@dataclass(frozen=True, slots=True)
class Party:
    """One ref of an occurrence, with what follows from looking at all of them together.

    `human` is the first ref of the same human, `roles` are all roles in which that human
    appears. `guarded`: nothing may ever be about this person, who is only an alleged
    perpetrator (or must be treated as one). `told_as`: the ref under which this human is told
    about instead. `mother` is set for an unborn child where she is known.
    """

    person: Person
    key: str
    human: str
    roles: frozenset[Role]
    guarded: bool = False
    told_as: str | None = None
    mother: Person | None = None
    mother_is_guarded: bool = False
    mother_is_accused: bool = False

    @property
    def is_accused_only(self) -> bool:
        """Whether this human is accused and no victim beside it."""
        return self.guarded or self.roles == {Role.ALLEGED_PERPETRATOR}

    @property
    def is_accused(self) -> bool:
        """Whether the other party accuses this human, or the mother of this unborn child."""
        return self.mother_is_accused or Role.ALLEGED_PERPETRATOR in self.roles


def person_key(person: Person, source: str) -> str:
    """What names a person in an occurrence when first seen in it.

    A matched NHS number, else pregnancy and order for an unborn child, else source and ref.
    """
    number = usable_nhs_number(person)
    if number:
        return f"nhs:{number}"
    of_pregnancy = unborn_key(person) if person.role is Role.UNBORN else None
    return of_pregnancy or f"ref:{source}:{person.ref}"


def key_of_unborn(mother: Person, key: str) -> str:
    """What names the unborn child of somebody with this key, where nobody names it."""
    return unborn_key(unborn_of(mother)) or f"unborn-of:{key}"


def parties_of(data: AnyEventData, keys: Mapping[str, str], on: date) -> tuple[Party, ...]:
    """The people who are still part of the occurrence, with guards and unborn children.

    `keys` are the fixed keys by ref, `on` is the day of the occurrence. A pregnant person who is
    only an alleged perpetrator is never told about, but the unborn child is: a party of its own
    is added for it.
    """
    present = [p for p in people_of(data) if p.status is not PersonStatus.ENTERED_IN_ERROR]
    humans = humans_of(present, keys)
    refs: dict[str, list[Person]] = {}
    for person in present:
        refs.setdefault(humans[person.ref], []).append(person)
    treated = _treated_as_perpetrators(data, present, on)
    parties: dict[str, Party] = {}
    for human, same in refs.items():
        for party in _parties_of_human(human, same, keys, on=on, treated=treated):
            parties[party.person.ref] = party
    in_order = [parties[person.ref] for person in present]
    linked = [_with_mother(party, in_order) for party in in_order]
    return (*linked, *_unborn_of_guarded(linked))


def _parties_of_human(
    human: str,
    same: Sequence[Person],
    keys: Mapping[str, str],
    *,
    on: date,
    treated: frozenset[str],
) -> list[Party]:
    """The refs of one human; whoever is a victim too is told about as that, and completely."""
    roles = frozenset(person.role for person in same)
    whole = [completed(person, same) for person in same] if len(same) > 1 else same
    is_treated = any(person.ref in treated for person in same)
    guarded = _is_guarded(roles, is_treated, any(_is_grown_up(person, on) for person in whole))
    victim = next((p.ref for p in same if p.role is not Role.ALLEGED_PERPETRATOR), None)
    return [
        Party(
            person=person,
            key=keys[person.ref],
            human=human,
            roles=roles,
            guarded=guarded,
            told_as=(victim if not guarded and person.role is Role.ALLEGED_PERPETRATOR else None),
        )
        for person in whole
    ]


def _is_guarded(roles: frozenset[Role], is_treated: bool, is_grown_up: bool) -> bool:
    """Whether a human is only accused: nobody's victim or patient, and no child beside it.

    A child who is present where others accuse it is a victim all the same; a grown-up is not, and
    nor is a child of whom only the register says whose it is.
    """
    if roles & _HARMED:
        return False
    if Role.ALLEGED_PERPETRATOR not in roles:
        return is_treated
    return is_grown_up or roles <= ADULT_ROLES | _SAYS_NOT_PRESENT


def _is_grown_up(person: Person, on: date) -> bool:
    age = age_at(person.date_of_birth, on)
    return age is not None and age >= ADULT_AGE


def _treated_as_perpetrators(
    data: AnyEventData, present: Sequence[Person], on: date
) -> frozenset[str]:
    """The other adults where somebody came because of violence and nobody is named for it.

    Each of them is treated as the perpetrator (product, point 5), whether adult by role or by age.
    """
    subject = subject_of(data)
    if subject is None or not may_be_violence(data):
        return frozenset()
    if any(person.role is Role.ALLEGED_PERPETRATOR for person in present):
        return frozenset()
    others = [person for person in present if person.ref != subject.ref]
    return frozenset(p.ref for p in others if p.role in ADULT_ROLES or _is_grown_up(p, on))


def _with_mother(party: Party, parties: Sequence[Party]) -> Party:
    """An unborn child with its mother; where she is not known, whether she may be guarded."""
    if party.person.role is not Role.UNBORN:
        return party
    humans = {each.person.ref: each.human for each in parties}
    told = [each.person for each in parties if each.told_as is None]
    carried = carried_by(party.person, told, humans)
    may_carry = [carried.mother] if carried.mother else carried.may_carry
    by_ref = {p.person.ref: p for p in parties}
    mothers = [by_ref[person.ref] for person in may_carry]
    return replace(
        party,
        mother=carried.mother,
        mother_is_guarded=any(mother.guarded for mother in mothers),
        mother_is_accused=any(mother.is_accused for mother in mothers),
    )


def _unborn_of_guarded(parties: Sequence[Party]) -> Iterable[Party]:
    """The unborn children of pregnant people about whom nothing may be told, one of each human.

    One whom the event names already is told about as that, whoever carries it.
    """
    humans = {party.person.ref: party.human for party in parties}
    seen = {humans[party.mother.ref] for party in parties if party.mother}
    named = {party.key for party in parties}
    for party in parties:
        maybe = party.person.pregnant in (Pregnant.YES, Pregnant.POSSIBLE)
        key = key_of_unborn(party.person, party.key)
        if party.guarded and maybe and party.human not in seen and key not in named:
            seen.add(party.human)
            named.add(key)
            unborn = unborn_of(party.person)
            yield Party(
                person=unborn,
                key=key,
                human=unborn.ref,
                roles=frozenset({Role.UNBORN}),
                mother=party.person,
                mother_is_guarded=True,
                mother_is_accused=True,
            )
