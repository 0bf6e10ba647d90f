"""Which refs of an occurrence are one human, as in counter-allegations.

What one ref does not say of a human another may: the gaps of each are filled from the others.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from schemas.person import Name, Person, Somebody
from schemas.values import NhsNumberStatus, Pregnant, Sex

_GAPS = (
    "nhs_number",
    "name",
    "date_of_birth",
    "expected_due_date",
    "pregnancy_id",
    "maternity_provider",
    "address",
    "gp_practice",
    "school",
)
Token = tuple[str, ...]


def usable_nhs_number(person: Somebody) -> str | None:
    """The NHS number if it may identify somebody: verified or traced."""
    if person.nhs_number_status in (NhsNumberStatus.VERIFIED, NhsNumberStatus.TRACED):
        return person.nhs_number
    return None


def humans_of(present: Sequence[Person], keys: Mapping[str, str]) -> Mapping[str, str]:
    """By ref, the first ref of the same human; each person is read once.

    One human has one key, or one number (checked, or with the same date of birth), or one full
    name and date of birth where no two checked numbers speak against it.
    """
    humans = _Humans()
    for person in present:
        humans.add(person, keys[person.ref])
    return {person.ref: humans.first_of(person.ref) for person in present}


@dataclass(slots=True)
class _Humans:
    """`same` leads from a ref to an earlier one of the same human; the first leads to itself."""

    same: dict[str, str] = field(default_factory=dict)
    known: dict[Token, list[Person]] = field(default_factory=dict)

    def add(self, person: Person, key: str) -> None:
        self.same[person.ref] = person.ref
        for token in _tokens(person, key):
            for other in self.known.setdefault(token, []):
                if token[0] != "name" or not _numbers_differ(person, other):
                    self.join(other.ref, person.ref)
            self.known[token].append(person)

    def join(self, one: str, another: str) -> None:
        first, second = self.first_of(one), self.first_of(another)
        places = list(self.same)
        earlier, later = sorted((first, second), key=places.index)
        self.same[later] = earlier

    def first_of(self, ref: str) -> str:
        while self.same[ref] != ref:
            ref = self.same[ref]
        return ref


def _tokens(person: Person, key: str) -> Iterator[Token]:
    """What would tell that another ref is the same human."""
    yield ("key", key)
    born = str(person.date_of_birth or "")
    usable = usable_nhs_number(person)
    if usable:
        yield ("number", usable)
    if person.nhs_number and born:
        yield ("number", person.nhs_number, born)
    by_name = named_as(person.name, person.date_of_birth)
    if by_name:
        yield by_name


def named_as(name: Name | None, born: date | None) -> Token | None:
    """Equal for people of one full name and date of birth; None where either is not known."""
    if name is None or not name.family or born is None:
        return None
    return ("name", *f"{name.given} {name.family}".casefold().split(), str(born))


def _numbers_differ(one: Person, another: Person) -> bool:
    first, second = usable_nhs_number(one), usable_nhs_number(another)
    return first is not None and second is not None and first != second


def completed(person: Person, others: Sequence[Person]) -> Person:
    """The person with what only other refs of the same human say."""
    told: dict[str, object] = {}
    for other in others:
        for name in _GAPS:
            if getattr(person, name) is None and getattr(other, name) is not None:
                told.setdefault(name, getattr(other, name))
        if person.sex is Sex.UNKNOWN is not other.sex:
            told.setdefault("sex", other.sex)
        if person.pregnant is Pregnant.UNKNOWN is not other.pregnant:
            told.setdefault("pregnant", other.pregnant)
        if other.address_restricted:
            told["address_restricted"] = True
        if told.get("nhs_number") is not None and told["nhs_number"] == other.nhs_number:
            told.setdefault("nhs_number_status", other.nhs_number_status)
    return person.model_copy(update=told) if told else person
