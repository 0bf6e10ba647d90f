"""What a replay finds in a ledger in which much has happened, and answered, and been learned."""

import pytest

from routing_rules.replaying import Change
from routing_rules.rulebook import Rulebook, load_rulebook
from services.replay.comparing import Compared
from services.replay.share import Task
from services.replay.workers import Heard, compare_on_cores
from tests.builders import rulebook_files, staffordshire
from tests.integration.replay.kit import all_found, compared, live_a_county, occurrences, without
from tests.integration.router.kit import Ledger

pytestmark = pytest.mark.integration

_MESSAGES = 300


def otherwise(path: str, old: str, new: str) -> Rulebook:
    """The shipped rulebook with something replaced in one file, and without promises."""
    files = dict(rulebook_files("staffordshire"))
    assert old in files[path]
    files[path] = files[path].replace(old, new)
    del files["promises.yaml"]
    return load_rulebook(files)


def other_rulebooks() -> dict[str, Rulebook]:
    """Some that differ little from the shipped one, and one that differs in more than rules."""
    emergency = "rules/emergency.yaml"
    withheld = "concerns: [emergency contraception, sexual health]"
    return {
        "one rule less": without("da-pregnant-victim-health-visitor"),
        "several rules less": without("ed-child-before-school", "da-victim-practice"),
        "another urgency": otherwise(emergency, "urgency: routine", "urgency: same day"),
        "nothing withheld": otherwise(emergency, withheld, "concerns: [dog bite]"),
        "another team": otherwise("directory/teams.csv", "RJF:midwifery,", "RJF:midwifery:second,"),
        "the same": staffordshire(),
    }


async def test_the_same_rulebook_tells_the_same_people(ledger: Ledger) -> None:
    await live_a_county(ledger, _MESSAGES)
    [decisions] = await ledger.rows("SELECT count(*), count(because) FROM decision")
    [answered] = await ledger.rows("SELECT count(*) FROM receipt WHERE verdict = 'applied'")

    whole = await compared(ledger.pool, staffordshire(), sieved=False)

    assert whole.decided == whole.occurrences > 50
    assert decisions[1] > 50, "nothing was learned later"
    assert answered[0] > 10
    assert all_found([whole]) == []


async def test_the_sieve_changes_no_answer(ledger: Ledger) -> None:
    rulebooks = other_rulebooks()
    await live_a_county(ledger, _MESSAGES, seed=2)
    spared = {}
    for name, rulebook in rulebooks.items():
        whole = await compared(ledger.pool, rulebook, sieved=False)
        sieved = await compared(ledger.pool, rulebook, sieved=True)

        assert all_found([sieved]) == all_found([whole]), name
        spared[name] = whole.decided - sieved.decided
    assert spared["the same"] > spared["one rule less"] > 0
    assert spared["another team"] == 0


async def test_a_rule_that_is_gone_told_what_is_missing(ledger: Ledger) -> None:
    await live_a_county(ledger, 100, seed=3)
    rule = "da-pregnant-victim-health-visitor"
    duties = await ledger.rows(
        "SELECT duty_id FROM duty WHERE reasons @> $1 AND jsonb_array_length(reasons) = 1"
        " AND state <> 'withdrawn'",
        f'[{{"rule": "{rule}"}}]',
    )

    found = all_found([await compared(ledger.pool, without(rule), sieved=True)])

    gone = [f for f in found if f.difference.change is Change.NO_LONGER_TOLD]
    assert duties
    assert {f.difference.telling.duty_id for f in gone} >= {row["duty_id"] for row in duties}
    assert all(rule in f.difference.telling.rules for f in gone)


async def test_the_answer_is_the_same_however_many_work_at_it(
    ledger: Ledger, fresh_dsn: str
) -> None:
    await live_a_county(ledger, 60, seed=5)
    rulebook = without("da-victim-practice", "da-pregnant-victim-health-visitor")
    stored = {staffordshire().content_hash: staffordshire().files}
    task = Task(fresh_dsn, rulebook.files, stored)
    asked, told = await occurrences(ledger.pool), list[int]()

    def compare_by(processes: int) -> list[Compared]:
        def progress(part: Compared) -> None:
            told.append(part.occurrences)

        return compare_on_cores(task, asked, Heard(progress), processes=processes, share=5)

    two = compare_by(2)
    assert all_found(two) == all_found([await compared(ledger.pool, rulebook, sieved=True)])
    assert all_found(two)
    assert sum(told) == len(asked)
