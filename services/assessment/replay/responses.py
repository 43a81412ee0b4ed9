"""Reads a CSV that has a row a response; each is judged as an attempt at that item alone."""

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

from services.assessment.replay.archive import (
    AttemptLine,
    BadArchive,
    DefinitionLine,
    SittingLine,
)
from services.assessment.replay.blocks import Block, blocks
from services.assessment.replay.key_file import Asked, read_key
from services.assessment.replay.mapping import BadMapping, Responses
from services.assessment.replay.source import Source
from services.contracts.assessment import AssessmentKind, AttemptState, ItemKind, Response

NO_INSTANT = datetime.min.replace(tzinfo=UTC)
WORDS = {"1": True, "true": True, "1.0": True, "0": False, "false": False, "0.0": False}


@dataclass(frozen=True, slots=True)
class ResponseRows:
    """`at` has the place of each column that the mapping names."""

    mapping: Responses
    at: dict[str, int]
    asked: dict[str, Asked] = field(repr=False)

    def sittings(self, block: Block) -> Iterator[tuple[int, SittingLine]]:
        for number, row in rows_of(block, self.mapping.delimiter):
            yield number, self._sitting(row, number)

    def _sitting(self, row: list[str], number: int) -> SittingLine:
        try:
            item = row[self.at["item"]]
            asked, _ = self.asked[item]
            said = row[self.at["response"]]
            score = self._recorded(row, asked.points)
            learner = row[self.at["learner"]]
        except IndexError as wrong:
            raise BadArchive(f"Line {number:,} has {len(row)} columns only.") from wrong
        except KeyError as wrong:
            raise BadArchive(f"Line {number:,}: the key has no item {wrong}.") from wrong
        except ValueError as wrong:
            raise BadArchive(f"Line {number:,}: {wrong}.") from wrong
        return SittingLine(item, learner, [self._attempt(asked.kind, item, said, score)])

    def _attempt(self, kind: ItemKind, item: str, said: str, score: float | None) -> AttemptLine:
        if not said.strip():
            return AttemptLine(1, AttemptState.GRADED, score)
        response = READ[kind](said, self.mapping.separator)
        if response is None:
            return AttemptLine(1, AttemptState.GRADED, score, odd={item: said})
        return AttemptLine(1, AttemptState.GRADED, score, {item: response})

    def _recorded(self, row: list[str], most: float) -> float | None:
        """Raises ValueError."""
        if "points" in self.at:
            text = row[self.at["points"]].strip()
            return float(text) if text else None
        text = row[self.at["correct"]].strip().lower()
        if text and text not in WORDS:
            raise ValueError(f"{text!r} says neither right nor wrong")
        return (most if WORDS[text] else 0.0) if text else None


def open_responses(path: Path, mapping: Responses, key: Path | None) -> Source:
    """Raises BadArchive and BadMapping."""
    if key is None and mapping.key is None:
        raise BadMapping("The mapping names no key: say where it is with --key.")
    asked = read_key(key or path.parent / (mapping.key or ""), mapping)
    definitions = [
        DefinitionLine(item.id, 1, AssessmentKind.EXAM, [item], [right])
        for item, right in asked.values()
    ]
    reader = ResponseRows(mapping, _places(path, mapping), asked)
    return Source(path, mapping.source, NO_INSTANT, definitions, reader, quoted=True)


def _places(path: Path, mapping: Responses) -> dict[str, int]:
    named = mapping.columns.named
    names = header_of(path, list(named.values()), mapping.delimiter)
    return {field: names.index(name) for field, name in named.items()}


def header_of(path: Path, needed: Sequence[str], delimiter: str) -> list[str]:
    """Raises BadArchive where a column is missing."""
    first = next(blocks(path, quoted=True), None)
    header = [] if first is None else _text(first).splitlines()[:1]
    names = next(csv.reader(header, delimiter=delimiter), [])
    missing = [name for name in needed if name not in names]
    if missing:
        raise BadArchive(f"{path} has no column {', '.join(missing)}; it has {', '.join(names)}.")
    return names


def rows_of(block: Block, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Without the header, each with the number of its last line; raises BadArchive."""
    rows = csv.reader(StringIO(_text(block), newline=""), delimiter=delimiter, strict=True)
    try:
        for row in rows:
            number = block.first + rows.line_num - 1
            if row and number > 1:
                yield number, row
    except csv.Error as wrong:
        raise BadArchive(f"Line {block.first + rows.line_num - 1:,}: {wrong}") from wrong


def _text(block: Block) -> str:
    try:
        return block.data.decode("utf-8-sig" if block.first == 1 else "utf-8")
    except UnicodeDecodeError as wrong:
        line = block.first + block.data[: wrong.start].count(b"\n")
        raise BadArchive(f"Line {line:,} is no UTF-8.") from wrong


def _one(said: str, separator: str) -> Response:
    return Response(choices=[said.strip()])


def _several(said: str, separator: str) -> Response:
    return Response(choices=[one.strip() for one in said.split(separator)])


def _number(said: str, separator: str) -> Response | None:
    try:
        return Response(number=float(said))
    except ValueError:
        return None


def _words(said: str, separator: str) -> Response:
    return Response(text=said)


READ: dict[ItemKind, Callable[[str, str], Response | None]] = {
    ItemKind.SINGLE_CHOICE: _one,
    ItemKind.MULTIPLE_CHOICE: _several,
    ItemKind.ORDERING: _several,
    ItemKind.NUMERIC: _number,
    ItemKind.TEXT: _words,
}
