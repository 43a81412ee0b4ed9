"""What an event costs as it is told: a row of a size, and lines over it."""

from bench import report
from bench.fanout_measured import BARE, EACH, ONCE, WAYS, Measured, Size
from bench.host import cores, where
from bench.plot import Line, Lines

COLUMNS = ["subscribers", BARE, *WAYS, f"{EACH} / {ONCE}"]


def tell(measured: Measured) -> None:
    us, ms = [_us(size) for size in measured.sizes], [_ms(size) for size in measured.sizes]
    report.show("One event: CPU µs a subscriber", COLUMNS, us)
    report.show("Until the last has it, ms", COLUMNS[:-1], ms, notes(measured))


def notes(measured: Measured) -> list[str]:
    bytes_ = max(size.frame_bytes for size in measured.sizes)
    return [f"A frame has {bytes_:,} bytes.", where(measured.loads)]


def _us(size: Size) -> list[object]:
    return [size.subscribers, *(size.us(way) for way in (BARE, *WAYS)), size.times]


def _ms(size: Size) -> list[object]:
    return [size.subscribers, *(size.ms(way) for way in (BARE, *WAYS))]


def lines(measured: Measured) -> Lines:
    sizes = measured.sizes
    us = [
        Line(f"{way}, µs a subscriber", [(one.subscribers, one.us(way)) for one in sizes])
        for way in (BARE, ONCE, EACH)
    ]
    ms = [
        Line(f"{way}, ms until the last", [(one.subscribers, one.ms(way)) for one in sizes])
        for way in (ONCE, EACH)
    ]
    title = "One event: CPU µs a subscriber, and ms until the last has it"
    return Lines(title, "subscribers", [*us, *ms])


def figures(measured: Measured) -> dict[str, object]:
    return {
        "cores": cores(),
        "load": dict(zip(("before", "after"), measured.loads, strict=True)),
        "sizes": {str(size.subscribers): _figures(size) for size in measured.sizes},
    }


def _figures(size: Size) -> dict[str, object]:
    ways = {
        way: {"us": round(size.us(way), 4), "ms": round(size.ms(way), 4)} for way in size.rounds
    }
    return {"frame_bytes": size.frame_bytes, "ways": ways, "each_to_once": round(size.times, 2)}
