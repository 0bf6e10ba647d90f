"""A change of what is decided, as a rule owner reads it."""

from routing_rules.rulebook_diff import Change

_INDENT = " " * 5


def example_name(number: int) -> str:
    """The file of the example of the change of that number."""
    return f"change-{number}.json"


def in_words(change: Change, number: int) -> str:
    """Some lines about it; its example is the file of that number."""
    lines = [f"{change.kind}  {change.what}" + (f" ({change.event})" if change.event else "")]
    if change.event:
        lines.append(f"{_INDENT}when: {'; '.join(change.region) or 'always'}")
        lines.append(f"{_INDENT}by: {change.by}")
    if change.example is not None:
        doubt = "" if change.shown else "; in doubt: the example was decided alike"
        lines.append(f"{_INDENT}Example: {example_name(number)}{doubt}")
    elif change.event:
        lines.append(f"{_INDENT}No example could be made")
    return "\n".join(lines)
