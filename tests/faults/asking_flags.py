"""A gateway whose requests ask the flag server: `python -m tests.faults.asking_flags`."""

import os
from unittest.mock import patch

import httpx

from flags.client import Flags
from flags.decide import Decisions
from gateway import main
from services.contracts.viewer import Viewer
from services.kit.settings import Settings
from tests.fakes.flag_server import TOKEN

DECIDE = Flags.decide
WAITS_S = 10.0


def decide(self: Flags, viewer: Viewer) -> Decisions:
    """As if nothing had been told before."""
    url = Settings.read(os.environ).unleash_url
    headers = {"authorization": TOKEN}
    httpx.get(f"{url}/client/features", headers=headers, timeout=WAITS_S, trust_env=False)
    return DECIDE(self, viewer)


if __name__ == "__main__":
    with patch.object(Flags, "decide", decide):
        main.main()
