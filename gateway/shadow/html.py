"""The report for people: one page that needs nothing beside it."""

from collections.abc import Iterable, Iterator, Mapping
from html import escape
from pathlib import Path

from flags.comparing import TABLE, Ignored, Untold
from flags.names import Capability
from gateway.shadow.compared import DROPPED, LAG, Counts, Sample
from gateway.shadow.report import Row, rows, value

STYLE = Path(__file__).with_name("report.css").read_text()
WIDTH, HEIGHT = 320, 12
LEAST = 1.5
"""However few they are, they are seen."""
SAME, DIFFERS, UNJUDGED = "#4c9a6a", "#c8402f", "#b9b4a7"


def as_html(all_: Mapping[Capability, Counts], at: str) -> str:
    """`at` is when it was read."""
    differing = sum(counts.compared.differing for counts in all_.values())
    compared = sum(counts.compared.compared for counts in all_.values())
    said = "Nothing was compared" if not compared else "Both sides say the same"
    verdict = "bad" if differing else "good" if compared else "none"
    head = (
        f'<header class="{verdict}"><h1>{"The sides differ" if differing else said}</h1>'
        f"<p>{compared:,} answers compared, {differing:,} differ · {escape(at)}</p></header>"
    )
    body = head + _legend() + "".join(_capability(*one) for one in all_.items()) + _left_out()
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>Shadow compare</title><style>{STYLE}</style></head>"
        f"<body><main>{body}</main></body></html>\n"
    )


def bar(parts: Iterable[tuple[str, int, str]], of: int) -> str:
    """Parts of a whole as name, number and colour, side by side; the rest stays empty."""
    drawn, x = "", 0.0
    for name, number, colour in parts:
        width = max(LEAST, WIDTH * number / of) if number and of else 0.0
        width = max(0.0, min(width, WIDTH - x))
        drawn += (
            f'<rect x="{x:.2f}" width="{width:.2f}" height="{HEIGHT}" fill="{colour}">'
            f"<title>{escape(name)}: {number:,}</title></rect>"
        )
        x += width
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" role="img">'
        f'<rect width="{WIDTH}" height="{HEIGHT}" rx="3" class="empty"/>{drawn}</svg>'
    )


def _legend() -> str:
    named = (("the same", SAME), ("differs", DIFFERS), ("not judged", UNJUDGED))
    items = (
        f'<li><svg width="10" height="10"><rect width="10" height="10" rx="2" fill="{colour}"/>'
        f"</svg> {name}</li>"
        for name, colour in named
    )
    return f'<ul class="legend">{"".join(items)}</ul>'


def _capability(capability: Capability, counts: Counts) -> str:
    parts = [
        f"<section><h2>{escape(capability.name)}</h2><p>{escape(capability.what)}</p>",
        _whole(counts),
        _table(["field", "how", "share", "times"], map(_row, rows(counts))),
        _table(["at", "asked", "field", "old", "new"], map(_sample, counts.samples)),
        "</section>",
    ]
    return "".join(parts)


def _whole(counts: Counts) -> str:
    made, lag, dropped = counts.compared, counts.numbers[LAG], counts.numbers[DROPPED]
    if not counts.numbers:
        return "<p class='none'>Nothing was compared: its shadow is switched on for nobody.</p>"
    same = made.compared - made.differing
    numbers = (
        ("the same", same, SAME),
        ("differ", made.differing, DIFFERS),
        ("behind, or moving", lag, UNJUDGED),
        ("dropped", dropped, UNJUDGED),
    )
    told = " · ".join(f"<b>{number:,}</b> {name}" for name, number, _ in numbers)
    return f"<p>{bar(numbers, made.compared + lag + dropped)}</p><p>{told}</p>"


def _row(row: Row) -> str:
    drawn = bar([(row.kind, row.times, DIFFERS)], row.of or row.times)
    return _cells(escape(row.path), escape(row.kind), drawn, row.told)


def _sample(one: Sample) -> str:
    path = f"{one.path} ({one.kind})"
    return _cells(*map(escape, (one.at, one.asked, path, value(one.old), value(one.new))))


def _left_out() -> str:
    """What no comparison looks at, and why."""
    told = _table(["field", "because"], (_cells(*map(escape, one)) for one in reasons()))
    return f"<section><h2>What is not compared</h2>{told}</section>"


def reasons() -> Iterator[tuple[str, str]]:
    yield "attempts of proctors", "PROCTORS_SEE_NOTHING: the monolith shows them none"
    yield "windows of staff", "NO_PREVIEWS: they try exams on the service alone"
    yield "commands of staff", "NO_STAFF_COMMANDS: the monolith has none"
    for (kind, field), how in TABLE.items():
        if isinstance(how, Ignored | Untold):
            also = " (where one side does not tell)" if isinstance(how, Untold) else ""
            yield f"{kind}.{field}{also}", how.reason


def _table(titles: Iterable[str], drawn: Iterable[str]) -> str:
    body = "".join(drawn)
    head = "".join(f"<th>{escape(title)}</th>" for title in titles)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>" if body else ""


def _cells(first: str, *more: str) -> str:
    return f"<tr><th>{first}</th>{''.join(f'<td>{one}</td>' for one in more)}</tr>"
