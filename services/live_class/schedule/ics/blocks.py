"""Cuts a calendar file into its events, each with its line, so that a bad one spoils itself alone.

NoCalendar   it is no iCalendar file at all
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

OPENS, CLOSES = "BEGIN:VCALENDAR", "END:VCALENDAR"
KINDS = ("VEVENT", "VTIMEZONE")


class NoCalendar(ValueError):
    """It is no iCalendar file at all."""


@dataclass(frozen=True, slots=True)
class Block:
    """A component's lines, unfolded, and the number of its first one in the file."""

    kind: str
    line: int
    lines: tuple[str, ...]
    is_whole: bool = True

    def value(self, name: str) -> str:
        """Of its first property of that name, outside of what it contains; "" where there is none.

        Of `DTSTART;TZID=Europe/Berlin:…` the value is what follows the colon.
        """
        depth = 0
        for line in self.lines[1:]:
            depth += line.startswith("BEGIN:") - line.startswith("END:")
            head, _, value = line.partition(":")
            if depth == 0 and head.partition(";")[0].upper() == name:
                return value.strip()
        return ""

    @property
    def text(self) -> str:
        return "\r\n".join(self.lines) + "\r\n"


@dataclass(slots=True)
class Blocks:
    """`properties` are the calendar's own, by name."""

    properties: dict[str, str] = field(default_factory=dict)
    events: list[Block] = field(default_factory=list)
    zones: list[Block] = field(default_factory=list)


def blocks_of(text: str) -> Blocks:
    """Raises NoCalendar."""
    if not text.lstrip("\ufeff\r\n \t").upper().startswith(OPENS):
        raise NoCalendar(f"The file does not begin with {OPENS}.")
    found, kind, begun, lines = Blocks(), "", 0, list[str]()
    for number, line in _unfolded(text):
        upper = line.upper()
        if not kind and upper.startswith("BEGIN:") and upper[6:] in KINDS:
            kind, begun, lines = upper[6:], number, [line]
        elif kind and upper in (f"BEGIN:{kind}", CLOSES):
            # The one before never ended: it is told as broken, and this one begins.
            _keep(found, Block(kind, begun, tuple(lines), is_whole=False))
            kind, begun, lines = ("" if upper == CLOSES else kind), number, [line]
        elif kind:
            lines.append(line)
            if upper == f"END:{kind}":
                _keep(found, Block(kind, begun, tuple(lines)))
                kind = ""
        else:
            name, _, value = line.partition(":")
            found.properties.setdefault(name.partition(";")[0].upper(), value.strip())
    if kind:
        _keep(found, Block(kind, begun, tuple(lines), is_whole=False))
    return found


def _keep(found: Blocks, block: Block) -> None:
    (found.events if block.kind == "VEVENT" else found.zones).append(block)


def _unfolded(text: str) -> Iterator[tuple[int, str]]:
    """Each whole line with the number of its first part; one that is folded goes on after a space.

    Only line ends of the format count: a summary may have other separators in it.
    """
    begun, whole = 0, ""
    for number, line in enumerate(text.lstrip("\ufeff").replace("\r\n", "\n").split("\n"), 1):
        if line[:1] in (" ", "\t") and begun:
            whole += line[1:]
            continue
        if whole.strip():
            yield begun, whole.rstrip("\r")
        begun, whole = number, line
    if whole.strip():
        yield begun, whole.rstrip("\r")
