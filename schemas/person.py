"""A person in an event: who it is about, in which role, and what the publisher knew."""

from typing import Annotated, Any

from pydantic import AfterValidator, Field, StringConstraints

from schemas.base import Day, Message, Text
from schemas.nhs_number import checked_nhs_number
from schemas.values import (
    NhsNumberStatus,
    PersonStatus,
    Pregnant,
    Relation,
    Role,
    SchoolType,
    Sex,
)

Ref = Annotated[str, StringConstraints(min_length=1, max_length=100)]
Code = Annotated[str, StringConstraints(min_length=1, max_length=100, strip_whitespace=True)]
"""A code from somebody's register (ODS, ONS, URN, pregnancy id): never a closed set here."""
NhsNumber = Annotated[str, AfterValidator(checked_nhs_number)]


def _trust_in(known: dict[str, Any]) -> NhsNumberStatus:
    """A number that is given without a status is unverified; no number is absent."""
    given = known.get("nhs_number") is not None
    return NhsNumberStatus.UNVERIFIED if given else NhsNumberStatus.ABSENT


class Name(Message):
    """A person's name, as given."""

    given: Text | None = None
    family: Text | None = None


class Address(Message):
    """An address; `district` is an ONS code."""

    lines: tuple[str, ...] = ()
    postcode: Text | None = None
    district: Code | None = None


class School(Message):
    """A school by URN (GIAS), and its kind."""

    urn: Code | None = None
    type: SchoolType = SchoolType.UNKNOWN


class Relationship(Message):
    """What this person is to another one of the same event (`to` is that person's ref)."""

    to: Ref
    is_: Relation = Field(Relation.UNKNOWN, alias="is")


class Somebody(Message):
    """All that is told alike of a person in an event and of one in a register."""

    ref: Ref
    role: Role
    status: PersonStatus = PersonStatus.ACTIVE
    nhs_number: NhsNumber | None = None
    nhs_number_status: NhsNumberStatus = Field(default_factory=_trust_in)
    name: Name | None = None
    date_of_birth: Day | None = None
    pregnant: Pregnant = Pregnant.UNKNOWN
    expected_due_date: Day | None = None
    pregnancy_id: Code | None = None
    order: Annotated[int, Field(strict=True, ge=1, le=9)] | None = None
    maternity_provider: Code | None = None
    address: Address | None = None
    address_restricted: bool | None = None
    gp_practice: Code | None = None
    school: School | None = None
    relationships: tuple[Relationship, ...] = ()


class Person(Somebody):
    """A person in an event. Only `ref` and `role` are required; absent means not known.

    `ref` is stable within an occurrence. `nhs_number` is ten digits with a valid check digit.
    """

    sex: Sex = Sex.UNKNOWN


class PersonRecord(Somebody):
    """A person as a register records them: an explicit null clears, also that of the sex."""

    sex: Sex | None = Sex.UNKNOWN
