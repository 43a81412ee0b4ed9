"""Cuts an archive of any size into blocks of whole lines, packed by gzip or not."""

import gzip
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from services.assessment.replay.archive import BadArchive

BLOCK_BYTES = 1_000_000
GZIP = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Block:
    """`first` is the number of its first line; `read` how far the file has been read, in bytes."""

    first: int
    data: bytes
    read: int

    def lines(self) -> Iterator[tuple[int, bytes]]:
        """Each with its number; empty ones are none."""
        numbered = enumerate(self.data.split(b"\n"), self.first)
        return ((number, line) for number, line in numbered if line.strip())


def blocks(path: Path, quoted: bool = False, size: int = BLOCK_BYTES) -> Iterator[Block]:
    """Where `quoted`, lines may go on between double quotes. Raises BadArchive."""
    first = 1
    try:
        with path.open("rb") as file:
            lines = _unpacked(file)
            while data := _whole_lines(lines, size, quoted):
                yield Block(first, data, file.tell())
                first += data.count(b"\n")
    except (OSError, EOFError, zlib.error) as wrong:
        raise BadArchive(f"{path} cannot be read from line {first:,} on: {wrong}") from wrong


def _unpacked(file: IO[bytes]) -> IO[bytes]:
    is_packed = file.read(2) == GZIP
    file.seek(0)
    return cast(IO[bytes], gzip.GzipFile(fileobj=file)) if is_packed else file


def _whole_lines(lines: IO[bytes], size: int, quoted: bool) -> bytes:
    data = lines.read(size)
    if not data:
        return b""
    data += lines.readline()
    while quoted and data.count(b'"') % 2:
        more = lines.readline()
        if not more:
            raise BadArchive("A quotation is never closed.")
        data += more
    return data
