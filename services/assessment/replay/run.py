"""Replays a whole archive: from where it stopped, over all processes, into one tally."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from services.assessment.replay.blocks import Block
from services.assessment.replay.crew import tallies
from services.assessment.replay.explained import Explained
from services.assessment.replay.journal import Journal, name_of
from services.assessment.replay.source import Source
from services.assessment.replay.tally import Tally

JOURNAL = "journal.json"

Track = Callable[[int, Tally], None]
"""Is told how many bytes of the archive are done, and what they came to."""


@dataclass(frozen=True, slots=True)
class Replay:
    source: Source
    explained: Sequence[Explained]
    out: Path
    processes: int

    def run(self, track: Track, fresh: bool = False) -> Tally:
        """The journal stays until `done`. Raises BadArchive."""
        journal = self._journal()
        if fresh:
            journal.forget()
        entry = journal.read()
        tally, done = entry.tally, entry.blocks
        for block, found in self._rest(done):
            tally.add(found)
            done += 1
            journal.write(done, tally)
            track(block.read, tally)
        return tally

    def done(self) -> None:
        self._journal().forget()

    def _rest(self, done: int) -> Iterator[tuple[Block, Tally]]:
        rest = islice(self.source.blocks(), done, None)
        yield from tallies(self.source, list(self.explained), rest, self.processes)

    def _journal(self) -> Journal:
        return Journal(self.out / JOURNAL, name_of(self.source, self.explained))
