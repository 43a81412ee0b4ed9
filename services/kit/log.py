"""One line a happening: a fixed name and fields, as JSON; no personal data, no tokens."""

import json
import logging
import os
import sys
from types import TracebackType
from typing import Any

from services.kit.redaction import Redaction
from services.kit.told import traced


class Log:
    """`log.info("upstream.shed", upstream="legacy")`."""

    def __init__(self, name: str) -> None:
        self._logger = logging.getLogger(name)

    def info(self, event: str, **about: Any) -> None:
        self._say(logging.INFO, event, about)

    def warning(self, event: str, **about: Any) -> None:
        self._say(logging.WARNING, event, about)

    def error(self, event: str, error: BaseException | None = None, **about: Any) -> None:
        self._say(logging.ERROR, event, about, error)

    def _say(
        self,
        level: int,
        event: str,
        about: dict[str, Any],
        error: BaseException | None = None,
    ) -> None:
        if self._logger.isEnabledFor(level):
            self._logger.log(level, event, extra={"about": about}, exc_info=error)


class AsJson(logging.Formatter):
    """What a process writes of each happening, an error with its causes; without secrets."""

    def __init__(self, redaction: Redaction) -> None:
        super().__init__()
        self._redaction = redaction

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname.lower(),
            "from": record.name,
            "event": record.getMessage(),
            **getattr(record, "about", {}),
        }
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return self._redaction(json.dumps(line, default=str))

    def formatException(self, ei: Any) -> str:  # noqa: N802 -- logging's name
        return traced(ei[1]) if ei[1] is not None else ""


def start_logging(level: str) -> None:
    """Sends every log line of this process to standard error, and its last words; no secrets."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(AsJson(Redaction(os.environ)))
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    sys.excepthook = _say_last


def _say_last(kind: type[BaseException], error: BaseException, way: TracebackType | None) -> None:
    """What ends a process is said as everything else is."""
    if not isinstance(error, Exception):
        sys.__excepthook__(kind, error, way)
        return
    logging.getLogger("process").critical("process.failed", exc_info=error)
