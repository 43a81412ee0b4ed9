"""One line a happening: a fixed name and fields, as JSON; no personal data, no tokens."""

import json
import logging
import os
import sys
from typing import Any

from services.kit.redaction import Redaction


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


def start_logging(level: str) -> None:
    """Sends every log line of this process to standard error, and its last words; no secrets."""
    redaction = Redaction(os.environ)
    sys.excepthook = redaction.heed
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(AsJson(redaction))
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
