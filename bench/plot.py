"""Draws what was measured as SVG: bars, or lines over a size; both on a scale of powers of ten."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Protocol

import click

WIDTH, ROW, LEFT, RIGHT, TOP = 720, 30, 230, 90, 44
HEIGHT, BOTTOM, LETTERS = 320, 40, 15
COLOURS = ("#3f6fb0", "#c8402f", "#4c9a6a", "#d9a441", "#9a7bb8")

option = click.option(
    "--plot",
    "drawn",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Where to keep a drawing of it (SVG).",
)


class Drawing(Protocol):
    @property
    def svg(self) -> str: ...


def keep(at: Path | None, drawing: Drawing) -> None:
    if at is not None:
        at.write_text(drawing.svg)


@dataclass(frozen=True, slots=True)
class Bar:
    name: str
    value: float


@dataclass(frozen=True, slots=True)
class Bars:
    """One below the other, each with its value."""

    title: str
    bars: Sequence[Bar]

    @property
    def svg(self) -> str:
        scale = Scale.over([bar.value for bar in self.bars], LEFT, WIDTH - RIGHT)
        drawn = [_text(12, 24, self.title, bold=True)]
        for nth, bar in enumerate(self.bars):
            y, long = TOP + nth * ROW, scale.at(bar.value) - LEFT
            drawn += [
                _text(LEFT - 8, y + 17, bar.name, anchor="end"),
                f'<rect x="{LEFT}" y="{y + 3}" width="{long:.1f}" height="{ROW - 10}" rx="3" '
                f'fill="{COLOURS[0]}"/>',
                _text(LEFT + long + 6, y + 17, _told(bar.value)),
            ]
        note = _text(LEFT, TOP + len(self.bars) * ROW + 16, "each step of the scale: 10 times")
        return _whole([*drawn, note], TOP + len(self.bars) * ROW + 30)


@dataclass(frozen=True, slots=True)
class Line:
    """`points` are pairs of a size and a value."""

    name: str
    points: Sequence[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Lines:
    title: str
    across: str
    lines: Sequence[Line]

    @property
    def svg(self) -> str:
        points = [point for line in self.lines for point in line.points]
        x = Scale.over([size for size, _ in points], 70, WIDTH - LEFT)
        y = Scale.over([value for _, value in points], HEIGHT - BOTTOM, TOP)
        drawn = [_text(12, 24, self.title, bold=True), _text(70, HEIGHT - 6, self.across)]
        drawn += [
            _text(x.at(power), HEIGHT - BOTTOM + 18, _told(power), anchor="middle")
            for power in x.powers
        ]
        for power in y.powers:
            at = y.at(power)
            drawn += [
                _rule(70, WIDTH - LEFT, at),
                _text(62, at + 4, _told(power), anchor="end"),
            ]
        ends = apart([y.at(line.points[-1][1]) for line in self.lines])
        for nth, (line, end) in enumerate(zip(self.lines, ends, strict=True)):
            drawn += _drawn(line, x, y, end, COLOURS[nth % len(COLOURS)])
        return _whole(drawn, HEIGHT)


@dataclass(frozen=True, slots=True)
class Scale:
    """Powers of ten from `low` at `begin` to `high` at `end`, in pixels."""

    low: int
    high: int
    begin: float
    end: float

    @classmethod
    def over(cls, values: Sequence[float], begin: float, end: float) -> "Scale":
        logs = [math.log10(value) for value in values]
        low = math.floor(min(logs))
        return cls(low, max(math.ceil(max(logs)), low + 1), begin, end)

    @property
    def powers(self) -> list[float]:
        return [10.0**power for power in range(self.low, self.high + 1)]

    def at(self, value: float) -> float:
        share = (math.log10(value) - self.low) / (self.high - self.low)
        return self.begin + share * (self.end - self.begin)


def apart(heights: Sequence[float]) -> list[float]:
    """The same in the same order, what is written there moved down so that each can be read."""
    moved, least = list(heights), -math.inf
    for nth in sorted(range(len(moved)), key=heights.__getitem__):
        moved[nth] = max(moved[nth], least)
        least = moved[nth] + LETTERS
    return moved


def _drawn(line: Line, x: Scale, y: Scale, end: float, colour: str) -> list[str]:
    """Its name stands at `end`."""
    places = [(x.at(size), y.at(value)) for size, value in line.points]
    path = " ".join(f"{across:.1f},{down:.1f}" for across, down in places)
    dots = [f'<circle cx="{a:.1f}" cy="{d:.1f}" r="3" fill="{colour}"/>' for a, d in places]
    drawn = f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>'
    name = _text(places[-1][0] + 8, end + 4, line.name, colour=colour)
    return [drawn, *dots, name]


def _rule(begin: float, end: float, y: float) -> str:
    return f'<line x1="{begin}" x2="{end}" y1="{y:.1f}" y2="{y:.1f}" stroke="#ddd"/>'


def _text(
    x: float, y: float, text: str, *, anchor: str = "start", bold: bool = False, colour: str = ""
) -> str:
    look = f' text-anchor="{anchor}"'
    look += ' font-weight="bold"' if bold else ""
    look += f' fill="{colour}"' if colour else ""
    return f'<text x="{x:.1f}" y="{y:.1f}"{look}>{escape(text)}</text>'


def _told(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 else f"{value:.2g}"


def _whole(drawn: Sequence[str], height: float) -> str:
    size = f'viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}"'
    style = 'font-family="sans-serif" font-size="13" fill="#222"'
    ground = '<rect width="100%" height="100%" fill="#fff"/>'
    lines = "\n".join(drawn)
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} {style}>\n{ground}\n{lines}\n</svg>\n'
