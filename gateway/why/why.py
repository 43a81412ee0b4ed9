"""Why one request was answered as it was: what it was made of, without what it said."""

from collections.abc import Iterator

import msgspec

from services.kit.account import Asked, Kept


class Decided(msgspec.Struct, frozen=True, gc=False):
    """`because` is a sentence's first half."""

    capability: str
    side: str
    because: str
    shadow: bool


class Head(msgspec.Struct, frozen=True, gc=False):
    """`operation` is its name, or its kind; `stages` what each took, as in `Server-Timing`."""

    request_id: str
    at: str
    operation: str
    cost: float
    stages: str
    cache: str
    freshness: str


class Why(Head, frozen=True, gc=True, kw_only=True):
    sides: list[Decided]
    reads: list[Kept]
    calls: list[Asked]


def lines(why: Why) -> Iterator[str]:
    """For people."""
    yield f"request {why.request_id} at {why.at}: {why.operation}, cost {why.cost:g}"
    yield f"took {why.stages}"
    yield f"cache: {why.cache}; {why.freshness}"
    yield "sides:" if why.sides else "sides: of a stranger, none is asked"
    for one in why.sides:
        shadow = "; the service is asked too, and compared" if one.shadow else ""
        yield f"  {one.capability:<22} {one.side}, since {one.because}{shadow}"
    yield "read out of what is kept:" if why.reads else "read out of what is kept: nothing"
    for read in why.reads:
        yield f"  {read.what:<22} {read.came_to}"
    yield "asked:" if why.calls else "asked: nobody"
    for call in sorted(why.calls, key=lambda one: one.began_ms):
        when = f"{call.took_ms:.1f} ms, begun {call.began_ms:.1f} ms in"
        yield f"  {call.upstream} {call.method} {call.path}: {call.outcome}, {when}"
