"""Four weeks of a county in spring 2026, and what must come of them, each written beside the other.

The clocks change on 29 March; 3 and 6 April are bank holidays. The police number their events.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from routing_rules.rulebook import Rulebook, load_rulebook
from services.watch.failpoints import Failpoint
from tests.builders import a_person, at_home, conference, police, rulebook_files
from tests.integration.weeks.model import (
    HOUR,
    Elsewhere,
    Miss,
    Owed,
    london,
    next_working_close,
)
from tests.integration.weeks.world import DEAD_LETTER, World

BEGINS, ENDS = london(3, 16, 8), london(4, 14, 12)
MASH, BURTON, STOKE = "MASH:mash", "RJF:midwifery", "RJE:midwifery"
HEALTH_VISITORS = "R1E:health-visiting:E07000193"
POLICE = "staffordshire-police"
_SOURCES = """sources:
  staffordshire-police:
    family: police
    counted: yes
    expected: {"every day 08:00-24:00": 16 a day}
    silent after: 1 day
    contact: Staffordshire Police
  staffordshire-marac:
    family: marac
    counted: no
    expected: {"working days 09:00-17:00": 1 in 52 weeks}
    silent after: 90 days
    contact: MARAC
  rje-maternity:
    family: maternity
    counted: no
    expected: {"working days 09:00-17:00": 1 in 52 weeks}
    silent after: 90 days
    contact: Stoke
"""


def rulebook_of_the_weeks() -> Rulebook:
    """The shipped county with three sources, in which the rules for conferences were forgotten."""
    files = dict(rulebook_files("staffordshire"))
    settings = files["settings.yaml"]
    files["settings.yaml"] = settings[: settings.index("sources:")] + _SOURCES
    del files["rules/marac.yaml"]
    return load_rulebook(files)


@dataclass(slots=True)
class Script:
    """What will happen in a world, and what an independent reader makes of it."""

    world: World
    expected: list[Owed | Elsewhere] = field(default_factory=list)
    incidents: list[tuple[datetime, str, dict[str, Any]]] = field(default_factory=list)
    people: int = 0

    def incident(
        self, event: str, when: datetime, *, risk: str = "medium", number: int | None = None,
        pregnant: str = "no", practice: str | None = "Y90004",
        others: tuple[Mapping[str, Any], ...] = (),
    ) -> datetime:  # fmt: skip
        """The police will tell of a victim, `p1`; answers when."""
        self.people += 1
        victim = a_person(
            "victim",
            ref="p1",
            number=number or self.people,
            date_of_birth="1990-01-01",
            sex="female",
            pregnant=pregnant,
            **at_home(practice=practice),
        )
        data = police(
            victim, *others, police_reference=event, incident_at=when.isoformat(), risk=risk
        )
        self.incidents.append((when, event, data))
        return when

    def answers(
        self, event: str, recipient: str, *said: tuple[datetime, str], person: str | None = "p1",
        suggest: str | None = None,
    ) -> None:  # fmt: skip
        """A team will answer in this way, and in no other."""
        more = {} if suggest is None else {"suggested_recipient": suggest}
        self.world.answers[event, person, recipient] = [(when, what, more) for when, what in said]

    def expects(self, *owed: Owed | Elsewhere) -> None:
        """What an independent reader makes of it."""
        self.expected += owed

    def schedule(self) -> None:
        """Gives every incident its number, two of which never come, and lets them be published."""
        number = 0
        for when, event, data in sorted(self.incidents, key=lambda each: each[0]):
            number += 3 if event == "after-a-gap" else 1
            self.world.publish(when, "police", _event(POLICE, event, when, data, number=number))


def _event(
    source: str, event: str, when: datetime, data: Mapping[str, Any], *, number: int | None = None
) -> dict[str, Any]:
    types = {
        POLICE: "fieldfare.police.domestic-abuse.v1",
        "staffordshire-marac": "fieldfare.marac.outcome.v1",
        "rje-maternity": "fieldfare.maternity.booking.v1",
    }
    counted = {} if number is None else {"sequence": str(number)}
    return {
        "specversion": "1.0",
        "id": event,
        "source": f"urn:fieldfare:source:{source}",
        "type": types[source],
        "time": when.isoformat(),
        **counted,
        "datacontenttype": "application/json",
        "data": data,
    }


def write(script: Script) -> None:
    """Everything that happens."""
    for part in (
        _every_day, _silence_of_teams, _not_theirs, _clocks_and_holidays, _exceptions,
        _learned_later, _by_hand, _no_rule, _source_stops, _relay_stands_still, _watch_is_killed,
    ):  # fmt: skip
        part(script)
    script.schedule()
    script.world.watch_every_hour(BEGINS, ENDS)


def _mornings() -> Iterator[datetime]:
    day = BEGINS
    while day < london(4, 11, 0):
        yield day
        day = london(
            (day + timedelta(days=1, hours=2)).month, (day + timedelta(days=1, hours=2)).day, 8
        )


def _every_day(script: Script) -> None:
    """Eight incidents a day, each answered within the hour: nobody is missed."""
    for morning in _mornings():
        for n in range(8):
            script.incident(f"{morning:%d-%m}-{n}", morning + 2 * n * HOUR + timedelta(minutes=5))


def _silence_of_teams(script: Script) -> None:
    told = script.incident("never-answers", london(3, 17, 10), practice="Y90009")
    script.answers("never-answers", "Y90009:gp")
    due = next_working_close(told, "gp")
    script.expects(Owed("never-answers", "p1", "gp", told, due))

    told = script.incident("reads-and-forgets", london(3, 20, 10), practice="Y90010")
    read = london(3, 21, 11)
    script.answers("reads-and-forgets", "Y90010:gp", (read, "acknowledged"))
    due = next_working_close(told, "gp")
    script.expects(Owed("reads-and-forgets", "p1", "gp", told, due, acknowledged=read))

    told = script.incident("refuses", london(3, 30, 10), pregnant="yes")
    refused = london(3, 30, 12)
    script.answers("refuses", HEALTH_VISITORS, (refused, "refused"))
    due = next_working_close(told, "health-visiting")
    script.expects(Owed("refuses", "p1", "health-visiting", told, due, refused=refused))


def _not_theirs(script: Script) -> None:
    script.incident("not-ours", london(3, 18, 10), pregnant="yes")
    script.answers("not-ours", BURTON, (london(3, 18, 11), "not_ours"), suggest=STOKE)

    told = script.incident("not-ours-twice", london(3, 19, 10), pregnant="yes")
    back, again = london(3, 19, 11), london(3, 19, 12)
    script.answers("not-ours-twice", BURTON, (back, "not_ours"), suggest=STOKE)
    script.answers("not-ours-twice", STOKE, (again, "not_ours"))
    script.answers("not-ours-twice", MASH)
    due = next_working_close(told, "mash")
    script.expects(Owed("not-ours-twice", "p1", "midwifery", again, due, standing_for="not_ours"))


def _clocks_and_holidays(script: Script) -> None:
    for name, practice, answered in (
        ("before-the-clocks-in-time", "Y90005", london(3, 30, 18, 15)),
        ("before-the-clocks-late", "Y90006", london(3, 30, 18, 45)),
    ):
        told = script.incident(name, london(3, 27, 16, 30), practice=practice)
        script.answers(name, f"{practice}:gp", (answered, "recorded"))
        due = next_working_close(told, "gp")
        script.expects(Owed(name, "p1", "gp", told, due, answered, answered))

    for name, answered in (
        ("night-of-the-clocks-in-time", london(3, 29, 5, 15)),
        ("night-of-the-clocks-late", london(3, 29, 5, 45)),
    ):
        told = script.incident(name, london(3, 29, 0, 30), risk="high", pregnant="yes")
        script.answers(name, BURTON, (answered, "recorded"))
        script.expects(Owed(name, "p1", "midwifery", told, told + 4 * HOUR, answered, answered))

    for name, practice, read, filed in (
        ("easter-in-time", "Y90005", london(4, 7, 12), london(4, 7, 12)),
        ("easter-late", "Y90006", london(4, 7, 12), london(4, 8, 10)),
    ):
        told = script.incident(name, london(4, 2, 16), practice=practice)
        script.answers(name, f"{practice}:gp", (read, "acknowledged"), (filed, "recorded"))
        due = next_working_close(told, "gp")
        script.expects(Owed(name, "p1", "gp", told, due, read, filed))


def _exceptions(script: Script) -> None:
    script.incident("no-practice-and-handled", london(3, 31, 10), practice=None)
    told = script.incident("no-practice", london(3, 31, 11), practice=None)
    script.answers("no-practice", MASH)
    due = next_working_close(told, "mash")
    unknown = "person_not_identified"
    script.expects(Owed("no-practice", "p1", "gp", told, due, standing_for=unknown))

    pupil = a_person(
        "child_present",
        ref="p2",
        number=900,
        date_of_birth="2015-02-02",
        school={"urn": "900005", "type": "independent"},
        **at_home(),
    )
    told = script.incident("independent-school", london(3, 31, 12), others=(pupil,))
    script.answers("independent-school", MASH, (london(3, 31, 13), "acknowledged"), person="p2")
    due = next_working_close(told, "mash")
    script.expects(
        Owed("independent-school", "p2", "school-nursing", told, due, standing_for="no_recipient")
    )

    _unknown_school(script)

    unreadable = london(4, 4, 11)
    script.world.publish(unreadable, "police", b"{")
    script.answers(DEAD_LETTER, MASH, person=None)
    script.expects(Elsewhere(unreadable, Miss("", None, "mash", "dead_letter", "mash")))


def _unknown_school(script: Script) -> None:
    """Nobody can be told, and MASH must put the record right; it reads that, and no more."""
    pupil = a_person(
        "child_present",
        ref="p2",
        number=903,
        date_of_birth="2015-02-02",
        school={"urn": "999999", "type": "state"},
        **at_home(),
    )
    told = script.incident("unknown-school", london(4, 1, 12), others=(pupil,))
    read = london(4, 1, 14)
    script.answers("unknown-school", MASH, (read, "acknowledged"), person="p2")
    next_day, second_day = next_working_close(told, "mash"), london(4, 7, 18)
    script.expects(
        Owed("unknown-school", "p2", "school-nursing", told, next_day, standing_for="no_recipient"),
        Owed("unknown-school", "p2", "mash", told, second_day, acknowledged=read, is_to_act=True),
    )


def _learned_later(script: Script) -> None:
    happened = script.incident("late-booking", london(3, 23, 10), number=901, pregnant="yes")
    learned = london(3, 28, 9)
    mother = a_person(
        "patient", ref="mother", number=901, date_of_birth="1990-01-01", pregnant="yes", **at_home()
    )
    booking = {
        "pregnancy_id": "MAT-901",
        "provider": "RJE",
        "booked_at": london(3, 2, 9).isoformat(),
        "expected_due_date": "2026-08-20",
        "mother": mother,
    }
    event = _event("rje-maternity", "booking", learned, booking)
    script.world.publish(learned, "maternity", event)
    answered = learned + HOUR
    for service, due in (
        ("midwifery", london(3, 23, 17)),  # who is told for the first time
        ("health-visiting", next_working_close(happened, "health-visiting")),  # where she is booked
    ):
        script.expects(
            Owed(
                "late-booking", "p1", service, learned, due, answered, answered,
                late_because="learned_later",
            )
        )  # fmt: skip


def _by_hand(script: Script) -> None:
    for name, practice, closed in (
        ("closed-in-time", "Y90007", london(4, 2, 9)),
        ("closed-late", "Y90008", london(4, 8, 10)),
    ):
        told = script.incident(name, london(4, 1, 10), practice=practice)
        script.answers(name, f"{practice}:gp")
        script.world.close(closed, name, f"{practice}:gp")
        due = next_working_close(told, "gp")
        script.expects(Owed(name, "p1", "gp", told, due, closed=closed))


def _no_rule(script: Script) -> None:
    met = london(4, 9, 14)
    people = (
        a_person("victim", ref="p1", number=902, date_of_birth="1990-01-01", **at_home()),
        a_person("alleged_perpetrator", ref="p2", date_of_birth="1985-01-01"),
        a_person("other_adult", ref="p3", date_of_birth="1960-01-01"),
    )
    data = conference(*people, met_on="2026-04-09")
    event = _event("staffordshire-marac", "conference", met, data)
    script.world.publish(met, "marac", event)
    script.expects(Elsewhere(met, Miss("conference", "p1", None, "no_rule", "rule")))


def _source_stops(script: Script) -> None:
    script.incident("after-a-gap", london(3, 25, 9))
    gap = Miss(POLICE, None, "police", "source_gap", "source")
    script.expects(Elsewhere(london(3, 26, 9), gap))
    silence = Miss(POLICE, None, "police", "source_silent", "source")
    script.expects(Elsewhere(london(4, 12, 0), silence))


def _relay_stands_still(script: Script) -> None:
    topic = "fieldfare.queue.health-visiting.R1E"

    async def stands_still() -> None:
        script.world.held.add(topic)

    script.world.at(london(4, 9, 8), stands_still)
    told = script.incident("not-sent", london(4, 9, 10), pregnant="yes")
    due = next_working_close(told, "health-visiting")
    script.expects(Owed("not-sent", "p1", "health-visiting", told, due, is_sent=False))


def _watch_is_killed(script: Script) -> None:
    for when, point in (
        (london(3, 18, 18, 45), Failpoint.WRITTEN),
        (london(3, 19, 18, 45), Failpoint.CLAIMED),
        (london(3, 20, 18, 45), Failpoint.COMMITTED),
    ):

        async def about_to_die(point: Failpoint = point) -> None:
            script.world.failpoint.at = point

        script.world.at(when, about_to_die)
