"""What servers that answer the same bytes cost, as it is told: each beside a bare one."""

from bench.sides import Side, cpu_ms, per_s

SERVERS = [
    "",
    "requests/s",
    "p50 ms",
    "p99 ms",
    "CPU µs",
    "CPU, of uvicorn's",
    "rate, of uvicorn's",
]


def server_row(name: str, side: Side, bare: Side) -> list[object]:
    found = side.measured
    return [
        name,
        found.per_s,
        found.p50_ms,
        found.p99_ms,
        side.cpu_ms * 1e3,
        side.times(bare, cpu_ms),
        side.times(bare, per_s),
    ]
