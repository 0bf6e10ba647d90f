"""What is on record of versions, as people read it."""

from datetime import UTC, datetime, timedelta

from services.cli.rulebook_pages import live_lines, record_json, version_lines
from services.ledger.rulebook_record import Activation, Kind, Proposal, Record, Said, Step
from services.ledger.rulebook_watching import Unfit

AT = datetime(2026, 3, 6, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
NOON = "Fri 6 March 2026, 12:00"
OLD, NEW = "a" * 64, "b" * 64
NINA = Said(AT, "Nina Example", "named nurse", "clearer words")
MO = Said(AT, "Mo Example", "named midwife", "read it")
OUTCOME = {
    "on": "2026-03-06",
    "rules": 164,
    "warnings": 0,
    "cases": 1,
    "promises": {"PROVED": 72, "GAP": 1},
    "findings": {"ADDS NOTHING": 2},
    "because": ["GAP: a promise"],
    "release": "0.1.0",
}
UNFIT = Unfit("router", "0.0.9", "it does not load\nrules/police.yaml:1:1: what", AT, AT)


def proposal(**changes: object) -> Proposal:
    known: dict[str, object] = {
        "proposal_no": 1,
        "content_hash": NEW,
        "compared_with": OLD,
        "live_from": AT + HOUR,
        "passed": True,
        "outcome": OUTCOME,
        "proposed": NINA,
        "signatures": {},
    }
    return Proposal(**{**known, **changes})  # type: ignore[arg-type]


def record(*activations: Activation, proposals: tuple[Proposal, ...] = ()) -> Record:
    return Record({OLD: "county", NEW: "county"}, proposals, activations)


ADOPTED = Activation(1, OLD, Kind.ADOPTED, None, None, NINA)


def test_where_nothing_is_live_it_says_what_to_do() -> None:
    assert list(live_lines(record(), (), AT)) == [
        "no rulebook is live: nothing is routed until somebody signs one",
        "see: fieldfare rules propose",
    ]


def test_what_is_live_says_by_whose_word_what_comes_next_and_who_cannot_take_it_up() -> None:
    coming = Activation(2, NEW, Kind.COUNTERSIGNED, 1, AT + HOUR, MO)

    assert list(live_lines(record(ADOPTED, coming), [UNFIT], AT)) == [
        "county aaaaaaaaaaaa",
        f"     sha256:{OLD}",
        f"     live from {NOON}, ordered {NOON} by Nina Example, named nurse: clearer words",
        "     as it was; nobody has signed it",
        "to go live Fri 6 March 2026, 13:00: county bbbbbbbbbbbb",
        "NOT TAKEN UP by router 0.0.9, which goes by an earlier one: it does not load",
    ]


def test_every_version_is_listed_with_all_that_was_said_of_it() -> None:
    known = record(
        ADOPTED,
        proposals=(proposal(), proposal(proposal_no=2, signatures={Step.SIGNED: NINA})),
    )

    lines = list(version_lines(known, AT))

    assert lines[0] == "county bbbbbbbbbbbb"
    assert "county aaaaaaaaaaaa  LIVE" in lines
    assert "     to go live Fri 6 March 2026, 13:00" in lines
    assert "     instead of county aaaaaaaaaaaa" in lines
    assert (
        "     164 rules, 0 warnings, 1 case; promises: 72 PROVED and 1 GAP on 2026-03-06; "
        "fieldfare 0.1.0"
    ) in lines
    assert "     worth a look: 2 ADDS NOTHING" in lines
    assert "     stands against it: GAP: a promise" in lines
    assert "     waits for somebody to sign it" in lines
    assert "     waits for somebody to countersign it" in lines
    signed = "     signed Fri 6 March 2026, 12:00 by Nina Example, named nurse: clearer words"
    assert signed in lines


def test_machines_read_the_same() -> None:
    known = record(ADOPTED, proposals=(proposal(signatures={Step.REJECTED: MO}),))

    found = record_json(known, [UNFIT], AT)

    assert found["live"]["content_hash"] == OLD
    assert found["scheduled"] is None
    assert found["not_taken_up_by"] == [UNFIT]
    assert [each["content_hash"] for each in found["versions"]] == [OLD, NEW]
    assert found["versions"][1]["proposals"][0]["rejected"] == MO
    assert record_json(record(), (), AT)["live"] is None
