"""Has blocks judged on all cores, and gives their tallies in the order of the blocks."""

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass

from services.assessment.replay.blocks import Block
from services.assessment.replay.explained import Explained
from services.assessment.replay.known import Definitions
from services.assessment.replay.sheet import Sheet
from services.assessment.replay.source import Source
from services.assessment.replay.tally import Tally

AHEAD = 2
"""Blocks read ahead for each process: no more, however large the archive is."""


@dataclass(frozen=True, slots=True)
class Work:
    """What every process is given once."""

    source: Source
    definitions: Definitions
    explained: list[Explained]

    def judge(self, block: Block) -> Tally:
        sheet = Sheet(self.definitions, self.source.at, self.explained)
        return sheet.judge(self.source.reader.sittings(block))


def tallies(
    source: Source, explained: list[Explained], blocks: Iterable[Block], processes: int
) -> Iterator[tuple[Block, Tally]]:
    """In this process alone where it is one. Raises BadArchive."""
    if processes > 1:
        yield from _by_many(source, explained, blocks, processes)
        return
    work = Work(source, Definitions(source.definitions), explained)
    for block in blocks:
        yield block, work.judge(block)


def _by_many(
    source: Source, explained: list[Explained], blocks: Iterable[Block], processes: int
) -> Iterator[tuple[Block, Tally]]:
    waiting: deque[tuple[Block, Future[Tally]]] = deque()
    pool = ProcessPoolExecutor(
        processes, multiprocessing.get_context("spawn"), _begin, (source, explained)
    )
    try:
        for block in blocks:
            waiting.append((block, pool.submit(_judge, block)))
            if len(waiting) >= AHEAD * processes:
                yield _first(waiting)
        while waiting:
            yield _first(waiting)
    finally:
        pool.shutdown(cancel_futures=True)


def _first(waiting: deque[tuple[Block, Future[Tally]]]) -> tuple[Block, Tally]:
    block, judged = waiting.popleft()
    return block, judged.result()


_WORK: list[Work] = []


def _begin(source: Source, explained: list[Explained]) -> None:
    # Whoever presses Ctrl-C stops the one that reads, and it stops the others.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _WORK[:] = [Work(source, Definitions(source.definitions), explained)]


def _end_with_parent() -> None:
    """A parent that was killed cannot say that there is no more to do."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _judge(block: Block) -> Tally:
    return _WORK[0].judge(block)
