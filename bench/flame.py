"""Where a process's CPU time goes: sampled by its own profiling timer, drawn as a flame graph."""

import signal
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from html import escape
from types import FrameType

EVERY_S = 0.001
WIDTH, ROW, TOP = 1_200, 17, 40
LEAST = 0.003
"""Of the whole: what is narrower is not drawn."""
COLOURS = {"gateway": "#3f6fb0", "resolvers": "#4c9a6a", "schema": "#4c9a6a", "services": "#d9a441"}
OTHERS = "#9a9a9a"


class Sampler:
    """Counts what the main thread does, every millisecond of the process's CPU time."""

    def __init__(self) -> None:
        self.stacks: Counter[str] = Counter()

    def start(self) -> None:
        signal.signal(signal.SIGPROF, self._take)
        signal.setitimer(signal.ITIMER_PROF, EVERY_S, EVERY_S)

    def stop(self) -> Mapping[str, int]:
        """Each stack, its names from the root on between semicolons, with its samples."""
        signal.setitimer(signal.ITIMER_PROF, 0)
        return self.stacks

    def _take(self, number: int, frame: FrameType | None) -> None:
        names: list[str] = []
        while frame is not None:
            names.append(_name(frame))
            frame = frame.f_back
        self.stacks[";".join(reversed(names))] += 1


def _name(frame: FrameType) -> str:
    code = frame.f_code
    place = code.co_filename.rpartition("site-packages/")[2].split("/")
    return f"{'/'.join(place[-3:])}:{code.co_qualname}"


@dataclass
class Part:
    """One function below another, with the samples of all that it calls."""

    name: str
    samples: int = 0
    inner: dict[str, "Part"] = field(default_factory=dict)

    def add(self, names: Iterable[str], samples: int) -> None:
        part = self
        part.samples += samples
        for name in names:
            part = part.inner.setdefault(name, Part(name))
            part.samples += samples

    @property
    def depth(self) -> int:
        return 1 + max((part.depth for part in self.inner.values()), default=0)

    def without_trunk(self) -> "Part":
        """From where it branches on: the loop and the server are below all that is done."""
        part = self
        while len(part.inner) == 1:
            part = next(iter(part.inner.values()))
        return part


@dataclass(frozen=True, slots=True)
class Flames:
    """The root on top; the width of a function is its share of the samples."""

    title: str
    stacks: Mapping[str, int]

    @property
    def svg(self) -> str:
        root = Part("all")
        for stack, samples in self.stacks.items():
            root.add(stack.split(";"), samples)
        root = root.without_trunk()
        drawn = list(_drawn(root, root.samples, 0.0, 0))
        height = TOP + (max((row for row, _ in drawn), default=0) + 1) * ROW + 10
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
            f'font-family="monospace" font-size="11">'
            f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>'
            f'<text x="8" y="22" font-size="14">{escape(self.title)}</text>'
            f"{''.join(text for _, text in drawn)}</svg>\n"
        )


def _drawn(part: Part, whole: int, at: float, row: int) -> Iterable[tuple[int, str]]:
    width = part.samples / max(whole, 1) * WIDTH
    if width < LEAST * WIDTH:
        return
    yield row, _box(part, whole, at, row, width)
    for inner in sorted(part.inner.values(), key=lambda one: one.name):
        yield from _drawn(inner, whole, at, row + 1)
        at += inner.samples / max(whole, 1) * WIDTH


def _box(part: Part, whole: int, at: float, row: int, width: float) -> str:
    y, share = TOP + row * ROW, part.samples / max(whole, 1)
    told = escape(part.name.rpartition(":")[2][: int(width / 6.8)])
    colour = COLOURS.get(_folder(part.name), OTHERS)
    return (
        f"<g><title>{escape(part.name)}: {share:.1%}</title>"
        f'<rect x="{at:.1f}" y="{y}" width="{max(width - 0.5, 0.5):.1f}" height="{ROW - 1}" '
        f'fill="{colour}"/>'
        f'<text x="{at + 3:.1f}" y="{y + 12}" fill="#ffffff">{told}</text></g>'
    )


def _folder(name: str) -> str:
    """The floor it stands on, where it is ours."""
    return next((part for part in name.split("/") if part in COLOURS), "")
