"""What if: an invented event is decided, shown and forgotten, whatever somebody typed."""

import json
from pathlib import Path
from typing import Any

import pytest

from services.console.what_if_page import examples
from tests.integration.console.office import Office
from tests.integration.router.kit import message
from tests.small_rulebook import small_rulebook

ROOT = Path(__file__).parents[3]
NAME_IN_IT = "Zebulon Quince of Larkfield"
CHANGED = small_rulebook(toddlers=True)


def event(**changes: Any) -> dict[str, Any]:
    return {**json.loads(message()), **changes}


async def answer_to(office: Office, body: str, *, subject: str = "rosa", **more: str) -> Any:
    visitor = await office.reception.person(subject)
    await visitor.get("/rules/what-if")
    await visitor.post("/rules/what-if", event=body, **more)
    return visitor


def test_there_is_an_example_of_each_kind_of_event_that_publishers_are_shown() -> None:
    shown = {path.stem: path.read_text("utf-8") for path in ROOT.glob("docs/publishers/*.json")}
    assert examples() == shown


async def test_every_example_can_be_tried(office: Office) -> None:
    visitor = await office.reception.person("carys")
    for name, text in examples().items():
        await visitor.get(f"/rules/what-if?example={name}")
        assert "Invented people only" in visitor.words

        answer = await visitor.post("/rules/what-if", event=text)

        assert answer.status_code == 200, f"{name}: {visitor.words}"
        assert "by rulebook staffordshire" in visitor.words


async def test_it_says_who_would_be_told_when_and_why_not_others(office: Office) -> None:
    proposed = await office.propose(CHANGED)

    live = await answer_to(office, json.dumps(event()))
    new = await answer_to(office, json.dumps(event()), version=proposed)

    assert "Who would be told: 1 notice" in live.words
    assert "A pregnant victim of domestic abuse is known to her maternity service." in live.words
    assert ": da-pregnant-victim Rules that did not, and why" in live.words
    assert "Who would be told: 2 notices" in new.words
    assert f"by rulebook staffordshire {proposed[:12]}" in new.words


async def test_earlier_events_are_known_to_it(office: Office) -> None:
    earlier = json.dumps(event(id="before"))

    visitor = await answer_to(office, json.dumps(event()), known=f"{earlier}\n\n")
    twice = await answer_to(office, json.dumps(event()), known=f"{earlier}\n{json.dumps(event())}")

    assert visitor.last.status_code == 200
    assert twice.last.status_code == 400
    assert "The event itself is among the earlier ones" in twice.words


DEEP = '{"a":' * 20_000 + "1" + "}" * 20_000
HOSTILE = {
    "nothing": ("  ", "Paste an event, or choose an example or a file"),
    "no JSON": ("{", "The event would be refused:"),
    "a list": ("[1, 2]", "The event would be refused:"),
    "deep and short": (DEEP[:5000], "The event would be refused:"),
    "deep and whole": ('{"a":' * 900 + "1" + "}" * 900, "The event would be refused:"),
    "huge": ("x" * 50_001, "Use 50 kilobytes or less"),
    "not a number": (
        json.dumps(event()).replace('"risk": "high"', '"risk": NaN'),
        "",
    ),
    "infinite": ('{"specversion": Infinity}', "The event would be refused:"),
    "half a character": ('{"id": "\\ud800"}', "The event would be refused:"),
    "NUL": ('{"id": "\\u0000"}', "The event would be refused:"),
    "another kind": (json.dumps(event(type="fieldfare.x.y.v1")), "The event would be refused:"),
    "long ago": (json.dumps(event(time="1700-01-01T00:00:00Z")), ""),
    "a number for a source": (json.dumps(event(source=17)), "The event would be refused:"),
}


async def test_whatever_is_typed_has_an_answer_that_a_publisher_can_use(office: Office) -> None:
    visitor = await office.reception.person("rosa")
    for name, (body, told) in HOSTILE.items():
        await visitor.get("/rules/what-if")
        answer = await visitor.post("/rules/what-if", event=body)

        assert answer.status_code in ({400} if told else {200, 400}), name
        assert told in visitor.words, name


async def test_what_is_far_too_large_is_not_even_read(office: Office) -> None:
    visitor = await answer_to(office, DEEP)

    assert visitor.last.status_code == 413
    assert "Nothing was done with it" in visitor.last.text


async def test_a_script_is_shown_and_never_run(office: Office) -> None:
    sent = event()
    sent["data"]["headline"] = "<script>alert(1)</script>"

    visitor = await answer_to(office, json.dumps(sent))

    assert visitor.last.status_code == 200
    assert "<script>alert(1)" not in visitor.last.text


async def test_a_number_that_may_be_a_real_persons_is_refused_wherever_it_stands(
    office: Office,
) -> None:
    real = event()
    real["data"]["people"][0]["nhs_number"] = "943 476 5919"

    told = await answer_to(office, json.dumps(real))
    known = await answer_to(office, json.dumps(event()), known=json.dumps(real))

    assert told.last.status_code == 400
    assert "an NHS number that is no test number" in told.words
    assert "Earlier event 1 has an NHS number that is no test number" in known.words


@pytest.mark.parametrize("name", ["from", "to"])
async def test_a_number_under_another_name_is_refused_too(office: Office, name: str) -> None:
    change = json.loads(examples()["registration-identity"])
    change["data"][name] = "943-476 5919"

    told = await answer_to(office, json.dumps(change))

    assert told.last.status_code == 400
    assert "an NHS number that is no test number" in told.words


async def test_a_file_goes_before_the_text(office: Office) -> None:
    visitor = await office.reception.person("arthur")
    await visitor.get("/rules/what-if")

    answer = await visitor.client.post(
        "/rules/what-if",
        data={"token": visitor.token, "event": "", "version": ""},
        files={"file": ("event.json", json.dumps(event()).encode(), "application/json")},
    )
    broken = await visitor.client.post(
        "/rules/what-if",
        data={"token": visitor.token, "event": ""},
        files={"file": ("event.json", b"\xff\xfe\x00{", "application/json")},
    )

    assert answer.status_code == 200
    assert "Who would be told: 1 notice" in answer.text
    assert broken.status_code == 400


async def test_nothing_is_kept_but_that_somebody_tried(
    office: Office, capfd: pytest.CaptureFixture[str]
) -> None:
    sent = event()
    sent["data"]["narrative"] = NAME_IN_IT
    before = await rows_of_everything(office)

    visitor = await answer_to(office, json.dumps(sent))
    await visitor.post("/rules/what-if", event=f'{{"broken": "{NAME_IN_IT}"')

    after = await rows_of_everything(office)
    assert {table for table in after if after[table] != before[table]} <= {
        "console_view",
        "console_session",
        "console_sign_in",
    }
    assert not any(NAME_IN_IT in row for rows in after.values() for row in rows)
    said = capfd.readouterr()
    assert NAME_IN_IT not in said.out + said.err
    live = small_rulebook().content_hash
    assert await office.views("tried_what_if") == [("Rosa Lane", None, None, [live])] * 2


async def test_somebody_whose_role_does_not_try_is_refused(office: Office) -> None:
    omar = await office.reception.person("omar")

    assert (await omar.get("/rules/what-if")).status_code == 403
    await omar.get("/rules")
    assert "What if" not in omar.words


async def rows_of_everything(office: Office) -> dict[str, list[str]]:
    tables = await office.ledger.rows(
        "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'"
        " AND table_type = 'BASE TABLE'"
    )
    found: dict[str, list[str]] = {}
    for each in tables:
        rows = await office.ledger.rows(f"SELECT t::text AS all FROM {each['name']} AS t")  # noqa: S608
        found[each["name"]] = sorted(row["all"] for row in rows)
    return found
