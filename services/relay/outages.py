"""One line when something begins to fail, and one when it works again."""

from services.runtime.errors import FieldfareError, TransientError
from services.runtime.logging import get_logger

_log = get_logger(__name__)


class Outages:
    """Remembers what fails and for whom, so that a hundred failures of one cause are one line."""

    def __init__(self) -> None:
        self._failing: dict[str, set[str]] = {}

    def begins(self, who: str, error: FieldfareError, *, where: str = "") -> None:
        """Somebody has failed; logged unless this cause (at this place) is known already."""
        cause = f"{type(error).__name__}:{where}"
        if cause not in self._failing:
            write = _log.warning if isinstance(error, TransientError) else _log.error
            write("relay_outage_begins", error=type(error).__name__, at_topic=where or None)
        self._failing.setdefault(cause, set()).add(who)

    def ends(self, who: str) -> None:
        """Somebody has succeeded; logged if they were the last to fail for some cause."""
        for cause in [cause for cause, failing in self._failing.items() if who in failing]:
            self._failing[cause].discard(who)
            if not self._failing[cause]:
                del self._failing[cause]
                _log.info("relay_outage_over", error=cause.partition(":")[0])
