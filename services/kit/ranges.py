"""Which numbers settings may have: what is outside was meant in another unit, or not at all."""

from collections.abc import Mapping
from math import inf

PLENTY = 1_000_000
DAY_S = 86_400
RANGES: Mapping[str, tuple[float, float]] = {
    "port": (1, 45_000),
    "workers": (1, 1_024),
    "drain_s": (0, 3_600),
    # Less is what somebody has written who thought of seconds.
    "request_budget_ms": (20, 600_000),
    "upstream_budget_ms": (20, 600_000),
    "legacy_connections": (1, PLENTY),
    "service_connections": (1, PLENTY),
    "monolith_delay_ms": (0, 600_000),
    "monolith_workers": (1, 10_000),
    "monolith_session_s": (1, 365 * DAY_S),
    "turn_ttl_s": (300, DAY_S),
    "turn_classes": (1, 1_000),
    "class_starts_per_s": (1, PLENTY),
    "cost_budget": (0, inf),
    "concurrency": (0, PLENTY),
    "viewer_rate": (0, inf),
    "tenant_rate": (0, inf),
    "rollback_hold_s": (0, DAY_S),
    "rollback_step_s": (0, DAY_S),
    "compile_after": (0, PLENTY),
    "cache_mb": (0, PLENTY),
    "trace_percent": (0, 100),
}


def outside(name: str, value: float) -> str | None:
    """What there is to say of the setting's value, after its name; None where it is right."""
    least, most = RANGES.get(name, (-inf, inf))
    # Written so that what is no number (nan) lies outside.
    if least <= value <= most:
        return None
    if most == inf:
        return f"must not be less than {least:g}, as {value:g} is."
    return f"must lie between {least:g} and {most:g}, not {value:g}."
