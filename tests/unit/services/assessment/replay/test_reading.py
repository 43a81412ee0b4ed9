"""Archives are read a block at a time, and what cannot be read is said to be where it is."""

import gzip
from pathlib import Path

import msgspec
import pytest

from services.assessment.replay.archive import BadArchive, SittingLine, Work
from services.assessment.replay.blocks import blocks
from services.assessment.replay.known import Definitions
from services.assessment.replay.opening import open_archive
from services.assessment.replay.source import Source
from tests.unit.services.assessment.replay.made import AT, THIRDS, chosen, taken

SITTING = SittingLine("thirds", "7", [taken(0.7, chosen("a", "b"))])


def line(said: object) -> bytes:
    return msgspec.json.encode(said) + b"\n"


def opening(format_: int = 1) -> bytes:
    return line({"line": "archive", "format": format_, "source": "A test", "at": AT})


def written(folder: Path, *lines: bytes) -> Path:
    path = folder / "archive.jsonl"
    path.write_bytes(b"".join(lines))
    return path


def sittings(source: Source) -> list[tuple[int, Work]]:
    return [found for block in source.blocks() for found in source.reader.sittings(block)]


def test_what_was_written_is_read(tmp_path: Path) -> None:
    source = open_archive(
        written(tmp_path, opening(), line(THIRDS), line(SITTING), line(SITTING)), None, None
    )

    assert source.definitions == [THIRDS]
    assert sittings(source) == [(3, SITTING), (4, SITTING)]


def test_a_packed_archive_is_read_alike(tmp_path: Path) -> None:
    path = tmp_path / "archive.gz"
    path.write_bytes(gzip.compress(opening() + line(THIRDS) + line(SITTING)))

    assert sittings(open_archive(path, None, None)) == [(3, SITTING)]


@pytest.mark.parametrize("size", [1, 7, 1_000])
def test_blocks_are_whole_lines_whatever_their_size(tmp_path: Path, size: int) -> None:
    path = written(tmp_path, *(line(SITTING) for _ in range(20)))

    cut = list(blocks(path, size=size))

    assert b"".join(block.data for block in cut) == path.read_bytes()
    assert [number for block in cut for number, _ in block.lines()] == list(range(1, 21))


def test_a_line_that_goes_on_between_quotes_is_not_cut(tmp_path: Path) -> None:
    path = written(tmp_path, b'a,"one\ntwo"\n', b"b,c\n")

    cut = [block.data for block in blocks(path, quoted=True, size=1)]

    assert cut == [b'a,"one\ntwo"\n', b"b,c\n"]


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (b"", "does not begin"),
        (b"learner,item\n", "Line 1 cannot be read"),
        (opening(format_=2), "does not begin"),
        (opening() + line(THIRDS) + b'{"line":"sitt', "Line 3 cannot be read"),
        (opening() + line(THIRDS) + line(SITTING) + line(THIRDS), "Line 4 cannot be read"),
    ],
)
def test_an_unreadable_archive_is_refused_by_its_line(
    tmp_path: Path, bad: bytes, said: str
) -> None:
    with pytest.raises(BadArchive, match=said):
        sittings(open_archive(written(tmp_path, bad), None, None))


def test_a_packed_archive_that_was_cut_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "archive.gz"
    whole = gzip.compress(opening() + line(THIRDS) + line(SITTING) * 100)
    path.write_bytes(whole[: len(whole) // 2])

    with pytest.raises(BadArchive, match="cannot be read from line"):
        sittings(open_archive(path, None, None))


def test_what_the_archive_does_not_define_is_said() -> None:
    definitions = Definitions([THIRDS])

    with pytest.raises(BadArchive, match="'other' has no definition"):
        definitions.of("other", 0)
    with pytest.raises(BadArchive, match="has no version 3"):
        definitions.of("thirds", 3)
    with pytest.raises(BadArchive, match="told twice"):
        Definitions([THIRDS, THIRDS])
