"""Runs analytics: `python -m services.analytics`."""

import os
import sys

from services.analytics.run import read, run
from services.kit.home import NotRunning
from services.kit.settings import BadSetting

if __name__ == "__main__":
    try:
        run(read(os.environ))
    except (BadSetting, NotRunning) as wrong:
        sys.exit(f"analytics: {wrong}")
