"""What a kept answer costs, as it is told."""

from bench import report
from bench.cached_measured import EACH_ANEW, KEPT, NOT_KEPT, Measured
from bench.door_server import UVICORN
from bench.host import cores, where
from bench.servers_told import SERVERS, server_row
from bench.sides import per_s

NAMES = {
    UVICORN: "bare uvicorn",
    KEPT: "the gateway",
    EACH_ANEW: "each with another token",
    NOT_KEPT: "one that keeps nothing",
}


def tell(measured: Measured) -> None:
    bare = measured.sides[0]
    rows = [server_row(NAMES[side.name], side, bare) for side in measured.sides]
    report.show(f"The same {measured.answer_bytes} bytes, one core", SERVERS, rows)
    print(
        "A class page that a tenant shares: registered document, bearer token, judged by the "
        f"course's guards. {measured.tokens:,} other tokens come in turn. The client has the other "
        "core."
    )
    print(where(measured.loads))


def figures(measured: Measured) -> dict[str, object]:
    bare = measured.sides[0]
    return {
        "cores": cores(),
        "load": dict(zip(("before", "after"), measured.loads, strict=True)),
        "answer_bytes": measured.answer_bytes,
        "tokens": measured.tokens,
        "servers": {
            side.name: {
                "per_s": round(side.measured.per_s, 1),
                "p50_ms": round(side.measured.p50_ms, 3),
                "cpu_us": round(side.cpu_ms * 1e3, 1),
                "rate_of_uvicorn": round(side.times(bare, per_s), 3),
            }
            for side in measured.sides
        },
    }
