"""Reads archives of our own form: definitions come first, and every process reads the rest."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

from services.assessment.replay.archive import (
    FORMAT,
    BadArchive,
    DefinitionLine,
    Line,
    Opening,
    SittingLine,
    read_line,
)
from services.assessment.replay.blocks import Block, blocks
from services.assessment.replay.source import Source

ANY = msgspec.json.Decoder(Line)
ONE_SITTING = msgspec.json.Decoder(SittingLine)


@dataclass(frozen=True, slots=True)
class SittingLines:
    """Those after `head` lines of definitions."""

    head: int

    def sittings(self, block: Block) -> Iterator[tuple[int, SittingLine]]:
        for number, line in block.lines():
            if number > self.head:
                yield number, read_line(line, number, ONE_SITTING)


def open_own(path: Path) -> Source:
    """Raises BadArchive."""
    lines = _lines(path)
    _, opening = next(lines, (0, None))
    if not isinstance(opening, Opening) or opening.format != FORMAT:
        raise BadArchive(f"{path} does not begin as an archive of format {FORMAT} does.")
    definitions, head = [], 1
    for number, line in lines:
        if not isinstance(line, DefinitionLine):
            break
        definitions.append(line)
        head = number
    return Source(path, opening.source, opening.at, definitions, SittingLines(head))


def _lines(path: Path) -> Iterator[tuple[int, Line]]:
    for block in blocks(path):
        for number, line in block.lines():
            yield number, read_line(line, number, ANY)
