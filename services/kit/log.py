"""One line a happening: a fixed name and fields, as JSON; no personal data, no tokens."""

import json
import logging
import sys
from typing import Any


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


class _AsJson(logging.Formatter):
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
        return json.dumps(line, default=str)


def start_logging(level: str) -> None:
    """Sends every log line of this process to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_AsJson())
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
