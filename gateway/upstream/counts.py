"""Counts what upstreams were not able or not allowed to answer, by kind, for whoever watches."""

from collections.abc import Callable

from services.kit.metrics import counter

NAME = "banyan.upstream.failures"

Count = Callable[[str, str], None]
"""Told the upstream and the kind of failure."""


def counting() -> Count:
    """To a collector, where there is one."""
    failures = counter(NAME, "Upstream calls that were not answered, by upstream and kind")
    if failures is None:
        return uncounted

    def count(upstream: str, kind: str) -> None:
        failures.add(1, {"upstream": upstream, "kind": kind})

    return count


def uncounted(upstream: str, kind: str) -> None:
    """Where no collector is."""
