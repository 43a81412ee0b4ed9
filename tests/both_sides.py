"""Two gateways beside the running system: one asks the old side only, and one the new side only."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from shutil import copytree, ignore_patterns

import pytest

from services.kit.home import running
from tests import pair
from tests.sides import BOTH, banyan_in
from tests.stack import Stack


@contextmanager
def both_sides(stack: Stack, homes: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Where each answers, by its state folder; the old side's comes first."""
    at, keys = running(stack.home), stack.home / "keys"
    base = int(at.gateway.rpartition(":")[2])
    common = {
        "legacy_secret": (keys / "legacy").read_text().strip(),
        "assessment_url": f"http://127.0.0.1:{base + 2}",
        "progress_url": f"http://127.0.0.1:{base + 3}",
        "live_class_url": f"http://127.0.0.1:{base + 4}",
        "feeder_url": f"http://127.0.0.1:{base + 5}",
        "cost_budget": "1e12",
        "viewer_rate": "0",
        "concurrency": "0",
        "request_budget_ms": "30000",
        "upstream_budget_ms": "30000",
    }
    with ExitStack() as both:
        urls = {}
        for side in ("legacy", "service"):
            home: Path = homes.mktemp(side)
            copytree(keys, home / "keys", ignore=ignore_patterns("issuer.pem"))
            for capability in BOTH:
                banyan_in(home, "flags", "set", capability, side)
            urls[str(home)] = both.enter_context(pair.gateway(home, at.monolith, **common)).url
        yield urls
