"""Who cares for whom in the synthetic county, read from the directory's tables and nothing else.

The truth's own small reader: it shares no line with the directory that routing looks things up in.
None is nobody: MASH must hear instead.
"""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

HOME_EDUCATED = "home_educated"


@dataclass(frozen=True, slots=True)
class School:
    """A child's school as somebody gives it."""

    urn: str | None
    type: str


@dataclass(frozen=True, slots=True)
class Teams:
    """The rows of the directory's tables; dates are left out, since all of them hold."""

    teams: tuple[Mapping[str, str], ...]
    practices: Mapping[str, Mapping[str, str]]
    schools: Mapping[str, Mapping[str, str]]
    organisations: frozenset[str] = frozenset()

    def sender(self, publisher: str) -> str | None:
        """The organisation whose staff write what a publisher (`r1e-community`) publishes."""
        code = publisher.partition("-")[0].upper()
        return code if code in self.organisations else None

    def named(self, recipient: str) -> str | None:
        """The service of the team that somebody names; None if nobody is called so."""
        if any(row["recipient"] == recipient for row in self.practices.values()):
            return "gp"
        rows = (row for row in self.teams if row["recipient"] == recipient)
        return next((row["service"] for row in rows), None)

    @property
    def contacts(self) -> frozenset[str]:
        """Who is told as well when a team is closed: the truth says nothing of them."""
        return frozenset(row["out_of_hours"] for row in self.teams if row["out_of_hours"])

    def of_district(self, service: str, district: str | None) -> str | None:
        """The team of a service for a home district."""
        return next((row["recipient"] for row in self._serving(service, district)), None)

    def midwives(self, provider: str | None, district: str | None) -> str | None:
        """Those of the provider where she is booked, else those of her home district."""
        if provider is None:
            return self.of_district("midwifery", district)
        return self.of_organisation("midwifery", provider)

    def of_organisation(self, service: str, organisation: str | None) -> str | None:
        """The one team of a service that an organisation has."""
        own = {
            row["recipient"]
            for row in self.teams
            if row["service"] == service
            and row["organisation"] == organisation
            and row["recipient"] not in self.contacts
        }
        return own.pop() if len(own) == 1 else None

    def school_nurses(self, school: School | None, district: str | None) -> str | None:
        """Those of the school; of the home district for a child who is educated at home."""
        if school is None:
            return None
        listed, kind = self.schools.get(school.urn or ""), self.kind_of(school)
        if kind in {HOME_EDUCATED, "none"}:
            return self._nurses(district, kind)
        return self._nurses(listed["district"], kind) if listed else None

    def kind_of(self, school: School | None) -> str:
        """The kind of a school, as the directory lists it, else as somebody gives it."""
        listed = self.schools.get((school.urn if school else None) or "")
        return listed["type"] if listed else school.type if school else "unknown"

    def practice(self, code: str | None) -> str | None:
        """A practice's own queue."""
        row = self.practices.get(code or "")
        return row["recipient"] if row else None

    def district_of_practice(self, code: str | None) -> str | None:
        """Where a practice's patients live."""
        row = self.practices.get(code or "")
        return row["district"] if row else None

    def safeguarding_at(self, site: str) -> str | None:
        """The safeguarding team of the trust whose site it is."""
        trust = next(r["organisation"] for r in self._serving("emergency", f"site:{site}"))
        return self.of_organisation("safeguarding", trust)

    def safeguarding_of_those_who(self, provide: str, district: str | None) -> str | None:
        """The safeguarding team of the one trust that provides a service for a home district."""
        trusts = {row["organisation"] for row in self._serving(provide, district)}
        return self.of_organisation("safeguarding", trusts.pop()) if len(trusts) == 1 else None

    def at_site(self, service: str, site: str) -> str | None:
        """The team of a service for a hospital site."""
        return next((r["recipient"] for r in self._serving(service, f"site:{site}")), None)

    def everywhere(self, service: str) -> tuple[str, ...]:
        """Every team of a service, each once."""
        own = {row["recipient"] for row in self.teams if row["service"] == service}
        return tuple(sorted(own))

    def _nurses(self, district: str | None, kind: str) -> str | None:
        rows = self._serving("school-nursing", district)
        commissioned = (row for row in rows if kind in row["school_types"].split())
        return next((row["recipient"] for row in commissioned), None)

    def _serving(self, service: str, serves: str | None) -> Iterator[Mapping[str, str]]:
        return (r for r in self.teams if (r["service"], r["serves"]) == (service, serves))


def teams_of(files: Mapping[str, str]) -> Teams:
    """The tables of a rulebook's files, by path."""
    return Teams(
        teams=tuple(_rows(files["directory/teams.csv"])),
        practices={row["practice"]: row for row in _rows(files["directory/practices.csv"])},
        schools={row["urn"]: row for row in _rows(files["directory/schools.csv"])},
        organisations=frozenset(
            row["organisation"] for row in _rows(files["directory/organisations.csv"])
        ),
    )


def _rows(table: str) -> Iterator[Mapping[str, str]]:
    return csv.DictReader(table.splitlines())
