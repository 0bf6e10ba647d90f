"""`fieldfare rules bank-holidays`: writes a rulebook's file of England's bank holidays.

Fieldfare reads the file and never computes holidays while it runs: a replay must give the same
times, and a proclaimed holiday must not depend on which release of a library is installed.
"""

from importlib import import_module

from services.runtime.errors import PermanentError

_HEADER = """\
# Bank holidays in England.
# Generated, do not edit: fieldfare rules bank-holidays --from {first} --until {last}

bank holidays:
"""


class BankHolidaysUnavailable(PermanentError):
    """The library that knows bank holidays is not installed."""


def bank_holidays_yaml(first: int, last: int, *, library: str = "holidays") -> str:
    """The text of `working_time/bank-holidays.yaml` for these years, both included.

    Raises `BankHolidaysUnavailable` where the library, a development dependency, is absent.
    """
    try:
        holidays = import_module(library)
    except ImportError as error:
        raise BankHolidaysUnavailable(
            f"bank holidays come from the package '{library}', which is not installed: uv sync"
        ) from error
    days = holidays.country_holidays("GB", subdiv="ENG", years=range(first, last + 1))
    lines = (f"  {day.isoformat()}: {name}\n" for day, name in sorted(days.items()))
    return _HEADER.format(first=first, last=last) + "".join(lines)
