"""Bars of a report, drawn as SVG inside the page."""

from collections.abc import Mapping
from html import escape

from services.assessment.replay.explained import Class

WIDTH, HEIGHT = 360, 14
LEAST = 1.5
"""However few they are, they are seen."""

COLOURS = {
    Class.EXACT: "#4c9a6a",
    Class.ROUNDING: "#7aa6d6",
    Class.TOLERANCE: "#3f6fb0",
    Class.MISSING_RESPONSE: "#b9b4a7",
    Class.KEY_CHANGE: "#d9a441",
    Class.POLICY: "#9a7bb8",
    Class.UNEXPLAINED: "#c8402f",
}


def bar(parts: Mapping[str, int], of: int) -> str:
    """Parts of a whole, side by side; what is left over stays empty."""
    drawn, x = [], 0.0
    for name, number in parts.items():
        width = max(LEAST, WIDTH * number / of) if number and of else 0.0
        drawn.append(_part(name, number, x, min(width, WIDTH - x)))
        x += width
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" role="img">'
        f'<rect width="{WIDTH}" height="{HEIGHT}" rx="3" class="empty"/>{"".join(drawn)}</svg>'
    )


def legend() -> str:
    items = (
        f'<li><svg width="10" height="10"><rect width="10" height="10" rx="2" fill="{colour}"/>'
        f"</svg> {escape(name)}</li>"
        for name, colour in COLOURS.items()
        if name is not Class.EXACT
    )
    return f'<ul class="legend">{"".join(items)}</ul>'


def _part(name: str, number: int, x: float, width: float) -> str:
    return (
        f'<rect x="{x:.2f}" width="{max(0.0, width):.2f}" height="{HEIGHT}" '
        f'fill="{COLOURS[Class(name)]}"><title>{escape(name)}: {number:,}</title></rect>'
    )
