import json
from pathlib import Path

import pytest
from inline_snapshot import snapshot

from tests.examples import load_examples
from tests.expectations import Seen, unmet
from tests.unit.cli.command import fieldfare, police_event, victim, write_event, write_events

EXAMPLES = load_examples()


def test_the_text_says_who_is_told_who_is_not_and_what_every_rule_said(tmp_path: Path) -> None:
    accused = {"ref": "p2", "role": "alleged_perpetrator", "sex": "male"}
    event = police_event(people=[victim(), accused], safe_contact="Do not telephone the home")

    answer = fieldfare("rules", "explain", write_event(tmp_path / "event.json", event))

    assert (answer.code, answer.err) == (0, "")
    told, verdicts = answer.out.split("EVERY RULE, PERSON BY PERSON")
    assert told == snapshot("""\
Police domestic abuse, from staffordshire-police
  happened      Fri 6 March 2026, 22:10
  published     Fri 6 March 2026, 22:10

WHO IS TOLD (3 duties)

  About p1 (victim), NHS number 999 000 0018
    Midwifery: RJF:midwifery
      by            Sat 7 March 2026, 02:10 (immediate)
      is asked to   acknowledge and record
      why           A pregnant victim of domestic abuse is known to her maternity service before the
                    next contact. [da-pregnant-victim]
      safe contact  Do not telephone the home
    Health visiting: R1E:health-visiting:E07000193
      by            Mon 9 March 2026, 17:00 (next working day)
      is asked to   acknowledge and record
      why           The health visitor knows before the antenatal contact that the mother is a
                    victim of abuse. [da-pregnant-victim-health-visitor]
      safe contact  Do not telephone the home
    GP: Y90004:gp
      by            Mon 9 March 2026, 18:30 (next working day)
      is asked to   acknowledge and record
      why           The practice of a victim of domestic abuse can recognise harm and ask safely.
                    [da-victim-practice]
      handling      hide from online access
      safe contact  Do not telephone the home

WHO IS NOT TOLD, AND WHY (1)

  About p2 (alleged perpetrator): nobody is told
      because       only an alleged perpetrator: nothing is ever told about them

""")
    assert (
        "\n  p1 (victim)\n    fires         da-pregnant-victim: all conditions hold\n" in verdicts
    )
    assert (
        "    does not      da-victim-practice: role is alleged perpetrator, not victim" in verdicts
    )


def test_the_text_names_the_warnings_to_the_publisher(tmp_path: Path) -> None:
    event = police_event(people=[victim(nhs_number="9990000019")], colour="blue")

    answer = fieldfare("rules", "explain", write_event(tmp_path / "event.json", event))

    assert answer.out.split("WHO IS TOLD")[0] == snapshot("""\
Police domestic abuse, from staffordshire-police
  happened      Fri 6 March 2026, 22:10
  published     Fri 6 March 2026, 22:10

WARNINGS TO THE PUBLISHER (2)
  data.people.0.nhs_number: fails its check; the number was dropped
  data.colour: unknown field; ignored

""")


def test_json_has_exactly_the_contracts_shape(tmp_path: Path) -> None:
    path = write_event(tmp_path / "event.json", police_event())

    answer = json.loads(fieldfare("rules", "explain", path, "--json").out)

    assert list(answer) == ["accepted", "warnings", "decision"]
    assert list(answer["decision"]) == ["duties", "nobody", "rules"]
    assert list(answer["decision"]["duties"][0]) == snapshot(
        [
            "service",
            "recipient",
            "organisation",
            "kind",
            "about",
            "urgency",
            "respond_by",
            "asks",
            "handling",
            "safe_contact",
            "instead_of",
            "because",
            "content",
            "reasons",
        ]
    )
    assert answer["decision"]["rules"][0] == snapshot(
        {
            "rule": "da-pregnant-victim",
            "about": "p1",
            "fired": True,
            "because": "all conditions hold",
        }
    )


def test_a_refused_event_is_refused_in_one_line(tmp_path: Path) -> None:
    path = write_event(tmp_path / "event.json", police_event(people=[]))

    answer = fieldfare("rules", "explain", path)

    assert (answer.code, answer.out) == (2, "")
    assert answer.err == snapshot("fieldfare: refused: data.people: no readable people\n")


def test_a_refused_event_is_refused_in_json(tmp_path: Path) -> None:
    event = police_event() | {"type": "fieldfare.police.clares-law-disclosure.v1"}

    answer = fieldfare("rules", "explain", write_event(tmp_path / "event.json", event), "--json")

    assert (answer.code, answer.err) == (2, "")
    assert json.loads(answer.out) == snapshot(
        {
            "accepted": False,
            "field": "type",
            "reason": "a disclosure-scheme event is never stored or routed",
        }
    )


def test_what_is_not_json_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "event.json"
    path.write_bytes(b"\xff{")

    answer = fieldfare("rules", "explain", str(path))

    assert (answer.code, answer.err) == (
        2,
        snapshot("fieldfare: refused: $: not readable as JSON\n"),
    )


def test_earlier_events_of_the_occurrence_count(tmp_path: Path) -> None:
    known = write_events(tmp_path / "known.jsonl", police_event(risk="standard"))
    child = victim(ref="p3", role="child_present", nhs_number="9990000026", pregnant="no")
    child |= {"date_of_birth": "2023-02-02"}
    later = police_event(people=[child]) | {"id": "e2", "time": "2026-03-06T23:10:00+00:00"}
    path = write_event(tmp_path / "event.json", later)

    answer = json.loads(fieldfare("rules", "explain", path, "--known", known, "--json").out)

    assert {duty["about"]["ref"] for duty in answer["decision"]["duties"]} == {"p1", "p3"}


@pytest.mark.parametrize("name", [n for n, e in EXAMPLES.items() if e.known and len(e.events) == 1])
def test_what_is_known_of_people_counts_in_the_examples(name: str, tmp_path: Path) -> None:
    example = EXAMPLES[name]
    known = write_events(tmp_path / "known.jsonl", *map(dict, example.known))
    path = write_event(tmp_path / "event.json", dict(example.events[0]))

    answer = fieldfare("rules", "explain", path, "--known", known, "--json")

    assert (answer.code, answer.err) == (0, "")
    told = json.loads(answer.out)["decision"]
    seen = Seen(told=told["duties"], nobody=told["nobody"], warned=[], refused=None)
    assert unmet(example.expect, seen) == []


def test_at_is_when_it_is_routed(tmp_path: Path) -> None:
    path = write_event(tmp_path / "event.json", police_event())

    answer = fieldfare("rules", "explain", path, "--at", "2010-03-07T01:00:00+00:00")

    assert (answer.code, answer.err) == (
        2,
        snapshot(
            "fieldfare: nothing can be routed at that time: the directory has no MASH team on that day\n"  # noqa: E501
        ),
    )


def test_an_earlier_event_that_is_refused_is_named_by_its_line(tmp_path: Path) -> None:
    path = write_event(tmp_path / "event.json", police_event())
    known = write_events(tmp_path / "known.jsonl", police_event(), police_event(people=[]))

    answer = fieldfare("rules", "explain", path, "--known", known)

    assert answer.code == 2
    assert answer.err.replace(str(tmp_path), "") == snapshot(
        "fieldfare: /known.jsonl:2: refused: data.people: no readable people\n"
    )


def test_an_event_that_is_among_the_earlier_ones_is_wrong_use(tmp_path: Path) -> None:
    path = write_event(tmp_path / "event.json", police_event())
    known = write_events(tmp_path / "known.jsonl", police_event())

    answer = fieldfare("rules", "explain", path, "--known", known)

    assert (answer.code, answer.err.replace(str(tmp_path), "")) == (
        2,
        snapshot("fieldfare: /event.json: this event is also among the earlier ones\n"),
    )


def test_an_earlier_event_that_stands_there_twice_is_wrong_use(tmp_path: Path) -> None:
    path = write_event(tmp_path / "event.json", police_event() | {"id": "e2"})
    known = write_events(tmp_path / "known.jsonl", police_event(), police_event())

    answer = fieldfare("rules", "explain", path, "--known", known)

    assert (answer.code, answer.err.replace(str(tmp_path), "")) == (
        2,
        snapshot("fieldfare: /known.jsonl:2: this event stands there twice\n"),
    )


def test_a_time_without_its_zone_is_wrong_use(tmp_path: Path) -> None:
    path = write_event(tmp_path / "event.json", police_event())

    answer = fieldfare("rules", "explain", path, "--at", "2026-03-07T01:00:00")

    assert (answer.code, answer.err) == (
        2,
        snapshot("fieldfare: --at: a time needs its zone: 2026-03-06T22:40:00+00:00\n"),
    )


def test_what_is_no_time_is_wrong_use(tmp_path: Path) -> None:
    path = write_event(tmp_path / "event.json", police_event())

    answer = fieldfare("rules", "explain", path, "--at", "tomorrow")

    assert (answer.code, answer.err) == (
        2,
        snapshot("fieldfare: --at: 'tomorrow' is not a time in ISO 8601\n"),
    )


def test_a_missing_file_is_one_line(tmp_path: Path) -> None:
    answer = fieldfare("rules", "explain", str(tmp_path / "event.json"))

    assert (answer.code, answer.err.replace(str(tmp_path), "")) == (
        2,
        snapshot("fieldfare: /event.json cannot be read: No such file or directory\n"),
    )
