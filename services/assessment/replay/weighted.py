"""Reads a CSV of what learners' courses came to, with the scores that they came of beside it."""

import csv
import gzip
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import TextIOWrapper
from pathlib import Path
from typing import IO, cast

from msgspec.structs import replace

from services.assessment.replay.archive import BadArchive, CourseLine, CoursePart
from services.assessment.replay.blocks import GZIP, Block
from services.assessment.replay.mapping import BadMapping, Weighted
from services.assessment.replay.responses import NO_INSTANT, header_of, rows_of
from services.assessment.replay.source import Source

Course = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ResultRows:
    """`parts` are each course's assessments; `scores` those of learners at assessments."""

    mapping: Weighted
    header: list[str]
    parts: dict[Course, dict[str, CoursePart]] = field(repr=False)
    scores: dict[tuple[str, str], float] = field(repr=False)

    def sittings(self, block: Block) -> Iterator[tuple[int, CourseLine]]:
        for number, row in rows_of(block, self.mapping.delimiter):
            if len(row) != len(self.header):
                raise BadArchive(f"Line {number:,} has {len(row)} columns.")
            said = dict(zip(self.header, row, strict=True))
            if said[self.mapping.columns.result] not in self.mapping.left_out:
                yield number, self._line(said, number)

    def _line(self, said: dict[str, str], number: int) -> CourseLine:
        columns = self.mapping.columns
        course, learner = tuple(said[name] for name in columns.course), said[columns.learner]
        band = self.mapping.results.get(said[columns.result])
        if band is None:
            raise BadArchive(f"Line {number:,}: no result is called {said[columns.result]!r}.")
        parts = [
            replace(part, score=self.scores.get((learner, name)))
            for name, part in self.parts.get(course, {}).items()
        ]
        name = "/".join(course)
        return CourseLine(name, learner, parts, said[columns.result], band[0], band[1])


def open_weighted(path: Path, mapping: Weighted) -> Source:
    """Raises BadArchive and BadMapping."""
    try:
        scores = _scores(path.parent, mapping)
        parts = _parts(path.parent, mapping, {assessment for _, assessment in scores})
    except (OSError, ValueError, csv.Error) as wrong:
        raise BadMapping(f"What is beside {path} cannot be read: {wrong}") from wrong
    except KeyError as missing:
        raise BadMapping(f"What is beside {path} has no column {missing}.") from missing
    columns = mapping.columns
    header = header_of(path, [*columns.course, columns.learner, columns.result], mapping.delimiter)
    reader = ResultRows(mapping, header, parts, scores)
    return Source(path, mapping.source, NO_INSTANT, [], reader, quoted=True)


def _scores(folder: Path, mapping: Weighted) -> dict[tuple[str, str], float]:
    said = mapping.scores
    return {
        (row[said.learner], row[said.assessment]): float(row[said.score])
        for row in _rows(folder / said.file, mapping.delimiter)
        if row[said.score].strip()
    }


def _parts(
    folder: Path, mapping: Weighted, scored: set[str]
) -> dict[Course, dict[str, CoursePart]]:
    """What nobody has a score for was not published."""
    said = mapping.assessments
    found: defaultdict[Course, dict[str, CoursePart]] = defaultdict(dict)
    for row in _rows(folder / said.file, mapping.delimiter):
        course, name = tuple(row[column] for column in said.course), row[said.assessment]
        must_reach = said.must_reach.get(row[said.kind]) if said.kind else None
        part = CoursePart(float(row[said.weight]), said.most, None, must_reach)
        found[course][name] = replace(part, withheld=name not in scored)
    return dict(found)


def _rows(path: Path, delimiter: str) -> Iterator[dict[str, str]]:
    with path.open("rb") as file:
        is_packed = file.read(2) == GZIP
        file.seek(0)
        lines = cast(IO[bytes], gzip.GzipFile(fileobj=file)) if is_packed else file
        text = TextIOWrapper(lines, encoding="utf-8-sig", newline="")
        yield from csv.DictReader(text, delimiter=delimiter)
