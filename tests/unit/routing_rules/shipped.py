"""The shipped rulebook's files, and small directories made of lines."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import routing_rules
from routing_rules.directory import Directory
from routing_rules.directory_loader import load_directory
from routing_rules.settings import RulebookSettings
from routing_rules.settings_loader import load_settings
from routing_rules.source_text import Problems

FOLDER = Path(routing_rules.__file__).parent / "rulebooks" / "staffordshire"
FILES: Mapping[str, str] = {
    file.relative_to(FOLDER).as_posix(): file.read_text("utf-8")
    for kind in ("*.csv", "*.yaml")
    for file in FOLDER.rglob(kind)
}

TEAM_HEADER = (
    "recipient,service,serves,school_types,organisation,from,until,hours,out_of_hours,note"
)
MASH = "MASH:mash,mash,*,,MASH,2012-01-01,,24h,,"


def shipped_settings() -> RulebookSettings:
    """The settings of the shipped rulebook."""
    problems = Problems()
    settings = load_settings(FILES["settings.yaml"], problems)
    problems.raise_if_any()
    return settings


def directory_files(
    *teams: str,
    practices: Sequence[str] = (),
    schools: Sequence[str] = (),
    mash: str = MASH,
) -> dict[str, str]:
    """Tables that hold these lines; line 2 of the teams is MASH, unless it is empty."""
    return {
        "directory/teams.csv": "\n".join((TEAM_HEADER, mash, *teams)),
        "directory/practices.csv": "\n".join(
            ("practice,district,recipient,from,until", *practices)
        ),
        "directory/schools.csv": "\n".join(("urn,district,type,from,until", *schools)),
        "directory/organisations.csv": FILES["directory/organisations.csv"],
    }


def load(files: Mapping[str, str]) -> Directory:
    """The directory of these tables, which must be right."""
    problems = Problems()
    directory = load_directory(files, shipped_settings(), problems)
    problems.raise_if_any()
    return directory


def problems_of(files: Mapping[str, str]) -> list[str]:
    """Everything that is wrong with these tables, as it is printed."""
    problems = Problems()
    load_directory(files, shipped_settings(), problems)
    return [str(problem) for problem in sorted(problems.found)]
