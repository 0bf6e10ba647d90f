"""What is asked of a replay on the command line."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReplayOptions:
    """The options of `fieldfare rules replay`, as they were typed."""

    new: str
    since: str | None
    until: str | None
    as_json: bool
    as_csv: bool
    limit: int
    processes: int | None
    issue: bool
    by: str
    why: str
