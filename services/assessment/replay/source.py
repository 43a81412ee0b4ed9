"""Where attempts come from: an archive of whatever form, and how its blocks are read."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from services.assessment.replay.archive import DefinitionLine, Work
from services.assessment.replay.blocks import Block, blocks


class Reader(Protocol):
    """Reads a block, in whichever process; it can be sent to one."""

    def sittings(self, block: Block) -> Iterable[tuple[int, Work]]:
        """Each with the number of its line; raises BadArchive."""


@dataclass(frozen=True, slots=True)
class Source:
    """`quoted`: its lines may go on between quotes."""

    path: Path
    told: str
    at: datetime
    definitions: list[DefinitionLine]
    reader: Reader
    quoted: bool = False

    def blocks(self) -> Iterator[Block]:
        return blocks(self.path, self.quoted)
