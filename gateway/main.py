"""Runs one gateway process: `python -m gateway.main`."""

import os
import sys

from gateway.build import build
from gateway.server import serve
from services.kit.log import start_logging
from services.kit.settings import BadSetting, Settings
from services.kit.telemetry import start_telemetry


def main() -> None:
    try:
        settings = Settings.read(os.environ)
    except BadSetting as wrong:
        sys.exit(f"banyan: {wrong}")
    start_logging(settings.log_level)
    stop_telemetry = start_telemetry("gateway", os.environ)
    try:
        serve(build(settings), settings)
    finally:
        stop_telemetry()


if __name__ == "__main__":
    main()
