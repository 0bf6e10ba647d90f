"""Logs: an event's name and fields, one line per outcome, on standard error."""

import logging
import sys
from types import TracebackType
from typing import TextIO

import structlog
from structlog.typing import EventDict, FilteringBoundLogger, Processor, WrappedLogger

from services.runtime.clock import Clock
from services.runtime.redaction import mask, redact, shown
from services.runtime.settings import LoggingSettings

_OUR_FOLDERS = ("services", "routing_rules", "schemas")
_WARNINGS = "py.warnings"
_CALLER = "module"


def configure_logging(
    settings: LoggingSettings, *, clock: Clock, service: str, stream: TextIO | None = None
) -> None:
    """Sends all logs of this process, ours and libraries', to `stream`; call it once, first.

    Without a stream they go to standard error.

    Lines carry the `service` and the time of `clock` in UTC. An error is shown by its type and
    where it was raised and never by its message, which may hold a row of personal data; this goes
    for errors that nobody caught, too.
    """
    stream = stream or sys.stderr
    renderer: Processor = (
        structlog.processors.JSONRenderer()
        if settings.as_json
        else structlog.dev.ConsoleRenderer(colors=stream.isatty())
    )
    level = getattr(logging, settings.level.upper())
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            _stamp(clock, service),
            describe_error,
            redact,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(file=stream),
        cache_logger_on_first_use=False,
    )
    libraries = logging.getLogger()
    libraries.handlers[:] = [LibraryLogs()]
    libraries.setLevel(max(level, logging.WARNING))
    logging.captureWarnings(capture=True)
    sys.excepthook = _log_uncaught


def get_logger(name: str) -> FilteringBoundLogger:
    """A logger whose lines say which module they come from; pass `__name__`."""
    logger: FilteringBoundLogger = structlog.get_logger(**{_CALLER: name})
    return logger


def describe_error(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Replaces an exception by its type, its causes' types and the line that raised it.

    PostgreSQL's SQLSTATE is kept; its message and detail, which print values, are not.
    """
    given = event.pop("exc_info", None)
    error = sys.exception() if given is True else given
    if isinstance(error, tuple):
        error = error[1]
    if isinstance(error, BaseException):
        event.update(_described(error))
    return event


class LibraryLogs(logging.Handler):
    """Sends what libraries log through `logging` the same way, without values that may be personal.

    Of a message the first line of its template is kept, with those arguments that are safe.
    """

    def emit(self, record: logging.LogRecord) -> None:
        """Writes one line; never raises."""
        try:
            error = record.exc_info[1] if record.exc_info else None
            structlog.get_logger(**{_CALLER: record.name}).log(
                record.levelno, _safe_message(record), exc_info=error
            )
        except Exception:  # noqa: BLE001 - the edge of somebody else's code: logging must not fail
            self.handleError(record)


def _stamp(clock: Clock, service: str) -> Processor:
    def stamp(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        return {"at": clock.now(), "service": service, **event}

    return stamp


def _described(error: BaseException) -> dict[str, object]:
    causes: list[str] = []
    cause = error.__cause__ or error.__context__
    while cause is not None and len(causes) < 5:
        causes.append(type(cause).__qualname__)
        cause = cause.__cause__ or cause.__context__
    described: dict[str, object] = {
        "error": type(error).__qualname__,
        "raised_at": _raised_at(error.__traceback__),
    }
    if causes:
        described["caused"] = causes
    if isinstance(sqlstate := getattr(error, "sqlstate", None), str):
        described["sqlstate"] = sqlstate
    return described


def _raised_at(trace: TracebackType | None) -> str:
    """The innermost line of ours, or of anybody's if none is ours."""
    place, ours = "nowhere", None
    while trace is not None:
        module = str(trace.tb_frame.f_globals.get("__name__", "unknown"))
        place = f"{module}:{trace.tb_lineno}"
        if module.partition(".")[0] in _OUR_FOLDERS:
            ours = place
        trace = trace.tb_next
    return ours or place


def _safe_message(record: logging.LogRecord) -> str:
    template = str(record.msg).partition("\n")[0]
    if record.name == _WARNINGS:
        return mask(":".join(template.split(":")[:3]))  # file, line and category, not the text
    if not record.args:
        return mask(template)
    given = record.args if isinstance(record.args, tuple) else (record.args,)
    try:
        return mask(template % tuple(shown(argument) for argument in given))
    except (TypeError, ValueError):  # a hidden argument where the template wants a number
        return mask(template)


def _log_uncaught(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
        return
    get_logger(__name__).critical("crashed", exc_info=error)
