"""Whose staff wrote an event: by its own word, else by its source, else nobody knows."""

from dataclasses import replace

import pytest

from routing_rules.explain import Casebook
from routing_rules.rulebook import load_rulebook
from routing_rules.rulebook_diff import diff_rulebooks
from routing_rules.source_text import RulebookInvalid
from schemas.values import EventType, Service
from tests.builders import NOW, an_event, rulebook_files, staffordshire
from tests.documented import PATHWAYS

TRANSFER, REFERRAL = EventType.MATERNITY_POSTNATAL_TRANSFER, EventType.SOCIAL_CARE_REFERRAL
FILES = rulebook_files("staffordshire")


def told(kind: EventType, publisher: str, service: Service, **changed: object) -> set[str]:
    """Who is told in the name of a service, of an event from this source."""
    event = an_event(kind, {**PATHWAYS[kind]["data"], **changed})
    sent = replace(event, source=f"urn:fieldfare:source:{publisher}")
    outcome = Casebook(staffordshire()).receive(sent, NOW)
    assert outcome is not None
    duties = outcome.decision.duties
    return {d.recipient for d in duties if (d.instead_of or d.service) is service}


@pytest.mark.parametrize(
    ("publisher", "provider", "recipient"),
    [
        ("rje-maternity", None, "RJE:midwifery"),
        ("rje-maternity", "RJF", "RJF:midwifery"),
        ("nobody-knows", None, "MASH:mash"),
    ],
)
def test_a_blank_provider_is_the_organisation_of_the_source(
    publisher: str, provider: str | None, recipient: str
) -> None:
    mother = {**PATHWAYS[TRANSFER]["data"]["mother"], "maternity_provider": None}
    blank = {"provider": provider, "mother": mother, "ethnicity": None}

    assert recipient in told(TRANSFER, publisher, Service.MIDWIFERY, **blank)


def test_a_copied_referral_is_not_written_by_whoever_sends_the_copy() -> None:
    to = told(REFERRAL, "staffordshire-social-care", Service.SAFEGUARDING, referred_by=None)

    assert to == {"MASH:mash"}


def test_an_organisation_that_is_not_listed_is_refused() -> None:
    wrong = FILES["settings.yaml"].replace("organisation: RRE", "organisation: R9Z")

    with pytest.raises(RulebookInvalid, match="'R9Z', whose source is rre-mental-health"):
        load_rulebook({**FILES, "settings.yaml": wrong})


def test_a_rule_owner_is_told_of_other_senders_and_other_handlers() -> None:
    other = FILES["settings.yaml"].replace("organisation: RRE", "organisation: RLY")
    row = "school-nursing,E07000193,R1E:safeguarding\n"
    table = {"directory/standing-handlers.csv": f"service,district,recipient\n{row}"}

    changed = load_rulebook({**FILES, **table, "settings.yaml": other})

    on = NOW.date()
    what = {change.what for change in diff_rulebooks(staffordshire(), changed, on)}
    assert what == {
        "whose staff write the events of a source",
        "standing handlers of known gaps",
    }
