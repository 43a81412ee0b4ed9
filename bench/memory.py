"""What memory a process has, and how many files it has open."""

from dataclasses import dataclass

import psutil


@dataclass(frozen=True, slots=True)
class Memory:
    """In bytes: what lies in memory, and of what is shared with others its part of it.

    `pss` is None where the system does not tell it, which only Linux does.
    """

    rss: int
    pss: int | None
    files: int

    @property
    def own(self) -> int:
        return self.rss if self.pss is None else self.pss


def memory_of(process: psutil.Process) -> Memory:
    full = process.memory_full_info()
    return Memory(full.rss, getattr(full, "pss", None), process.num_fds())
