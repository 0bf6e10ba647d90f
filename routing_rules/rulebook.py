"""A rulebook: rules, directory, disclosure, calendar and settings, as one reviewed whole.

It is loaded from texts and named by the hash of its content, so that every decision can say
under which rules it was made.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from routing_rules.calendar_loader import load_calendar
from routing_rules.compiler import CompiledRules, compile_rules
from routing_rules.directory import COUNTY, Directory, Team
from routing_rules.directory_loader import load_directory
from routing_rules.disclosure import Disclosure, load_disclosure
from routing_rules.document import Rule, RuleDocument
from routing_rules.escalation import Escalation
from routing_rules.escalation_loader import ESCALATION_FILE, load_escalation
from routing_rules.loader import load_rules
from routing_rules.promises import NO_PROMISES, Promises
from routing_rules.promises_loader import PROMISES_FILE, load_promises
from routing_rules.settings import RulebookSettings
from routing_rules.settings_loader import load_settings
from routing_rules.source_text import Position, Problem, Problems
from routing_rules.vocabulary import Vocabulary, build_vocabulary
from routing_rules.working_time import Calendar
from schemas.values import EventType, Service

SETTINGS_FILE = "settings.yaml"
DISCLOSURE_FILE = "disclosure.yaml"


@dataclass(frozen=True, slots=True)
class Rulebook:
    """A rulebook that has loaded. `files` are its texts by path, `content_hash` their SHA-256.

    `warnings` do not stop it from loading; in the rulebooks that we ship there are none.
    """

    name: str
    content_hash: str
    files: Mapping[str, str]
    settings: RulebookSettings
    vocabulary: Vocabulary
    document: RuleDocument
    compiled: CompiledRules
    directory: Directory
    disclosure: Disclosure
    calendar: Calendar
    escalation: Escalation
    warnings: tuple[Problem, ...]
    _rules: Mapping[EventType, tuple[Rule, ...]]
    promises: Promises = NO_PROMISES

    @property
    def label(self) -> str:
        """Name and content, as notifications carry it: `staffordshire@sha256:...`."""
        return f"{self.name}@sha256:{self.content_hash}"

    def rules_for(self, event: EventType) -> tuple[Rule, ...]:
        """The rules about one kind of event, in the order of files and lines."""
        return self._rules[event]

    def mash(self, on: date) -> Team:
        """The team that owns whatever has no recipient.

        Raises:
            LookupError: the directory has no MASH on that day, so nothing may be routed.
        """
        team = self.directory.county_team(Service.MASH, on)
        if isinstance(team, Team):
            return team
        raise LookupError("the directory has no MASH team on that day")


def load_rulebook(files: Mapping[str, str]) -> Rulebook:
    """Load a rulebook from its texts by path (`rules/police.yaml`).

    Raises:
        RulebookInvalid: with every problem found in any of the files.
    """
    problems = Problems()
    texts = dict(sorted(files.items()))
    settings = load_settings(_text(texts, SETTINGS_FILE, problems), problems)
    windows = {each.days for each in settings.frequent_attendance}
    vocabulary = build_vocabulary(settings.districts.values(), windows)
    rule_files = {path: text for path, text in texts.items() if path.startswith("rules/")}
    if not rule_files:
        problems.add(Position("rules"), "the rulebook has no rules/*.yaml")
    document = load_rules(rule_files, vocabulary, problems)
    directory = load_directory(texts, settings, problems)
    if (Service.MASH, COUNTY) not in directory.served:
        problems.add(Position("directory/teams.csv"), "no MASH team serves the county (serves: *)")
    calendar = load_calendar(texts, problems)
    disclosure = load_disclosure(
        DISCLOSURE_FILE, _text(texts, DISCLOSURE_FILE, problems), vocabulary, problems
    )
    escalation = load_escalation(_text(texts, ESCALATION_FILE, problems), directory, problems)
    withholds = None if problems.found else document.withholds  # not all blocks were read
    promises = load_promises(texts.get(PROMISES_FILE), vocabulary, withholds, problems)
    problems.raise_if_any()
    return Rulebook(
        name=settings.name,
        content_hash=content_hash(texts),
        files=texts,
        settings=settings,
        vocabulary=vocabulary,
        document=document,
        compiled=compile_rules(document, vocabulary),
        directory=directory,
        disclosure=disclosure,
        calendar=calendar,
        escalation=escalation,
        warnings=tuple(sorted(problems.warnings)),
        _rules={event: tuple(r for r in document.rules if r.event is event) for event in EventType},
        promises=promises,
    )


def content_hash(files: Mapping[str, str]) -> str:
    """The SHA-256 of all texts by path, in hexadecimal; the order of files does not matter."""
    digest = hashlib.sha256()
    for path, text in sorted(files.items()):
        for part in (path, text):
            encoded = part.encode()
            digest.update(len(encoded).to_bytes(8, "big") + encoded)
    return digest.hexdigest()


def _text(files: Mapping[str, str], path: str, problems: Problems) -> str:
    if path not in files:
        problems.add(Position(path), "this file is missing")
    return files.get(path, "")
