"""Runs one gateway process: `python -m gateway.main`."""

import os
import sys

from gateway.build import build
from gateway.heap import settle
from gateway.server import serve
from services.kit.log import start_logging
from services.kit.settings import BadSetting, Settings
from services.kit.telemetry import start_telemetry

REDIS_URL = "redis://127.0.0.1:6379"
"""Where Redis is when nobody says: without it requests are answered, and nothing is pushed."""


def main() -> None:
    try:
        settings = Settings.read(os.environ)
    except BadSetting as wrong:
        sys.exit(f"banyan: {wrong}")
    start_logging(settings.log_level)
    stop_telemetry = start_telemetry("gateway", os.environ)
    try:
        gateway = build(settings, os.environ.get("REDIS_URL", REDIS_URL))
        settle()
        serve(gateway, settings)
    except BadSetting as wrong:
        sys.exit(f"banyan: {wrong}")
    finally:
        stop_telemetry()


if __name__ == "__main__":
    main()
