"""What a running system takes of the machine's cores while it is measured, part by part."""

import os
import platform
import sys
from collections.abc import Mapping, Sequence, Set
from contextlib import suppress
from dataclasses import dataclass

import psutil

from bench.system import System

MODULES = {
    "gateway": "gateway.main",
    "assessment": "services.assessment",
    "monolith": "legacy.monolith",
}
POSTGRES, BENCH, REST, OTHERS = "postgres", "bench", "rest", "others"
"""`rest` are the system's other processes, `others` are those that are not of it."""


@dataclass(frozen=True, slots=True)
class Host:
    """The processes of each part."""

    parts: Mapping[str, Sequence[psutil.Process]]

    @classmethod
    def of(cls, running: System, modules: Mapping[str, str] = MODULES) -> "Host":
        children = psutil.Process(running.at.pid).children(recursive=True)
        parts = {part: running.processes(module) for part, module in modules.items()}
        parts[POSTGRES] = [one for one in children if one.name().startswith("postgres")][:1]
        backends = [one for root in parts[POSTGRES] for one in root.children(recursive=True)]
        known = {one for part in parts.values() for one in part} | set(backends)
        parts[BENCH] = _bench({running.at.pid, *(one.pid for one in children)})
        parts[REST] = [one for one in children if one not in known]
        return cls(parts)

    def cpu_s(self) -> dict[str, float]:
        """What each has used so far."""
        used = {part: sum(map(_cpu_s, processes)) for part, processes in self.parts.items()}
        used[POSTGRES] = sum(map(_whole_cpu_s, self.parts[POSTGRES]))
        used[OTHERS] = _busy_s() - sum(used.values())
        return used


def _bench(system: Set[int]) -> list[psutil.Process]:
    """We, and what we have begun beside the system."""
    own = psutil.Process()
    begun = own.children(recursive=True)
    return [own, *(one for one in begun if one.pid not in system)]


def cores() -> int:
    return os.cpu_count() or 1


def where(loads: tuple[float, float]) -> str:
    """The Python, as a distribution's own is faster than one built as it comes, and the machine."""
    before, after = loads
    return (
        f"Python {platform.python_version()} of {sys.base_prefix}, {cores()} cores, load average "
        f"{before:.1f} at the beginning, {after:.1f} at the end."
    )


def load() -> float:
    """The average of the last minute."""
    return os.getloadavg()[0]


def _cpu_s(process: psutil.Process) -> float:
    with suppress(psutil.NoSuchProcess):
        times = process.cpu_times()
        return times.user + times.system
    return 0.0


def _whole_cpu_s(root: psutil.Process) -> float:
    """With the processes below it, and those that have ended."""
    ended = 0.0
    with suppress(psutil.NoSuchProcess):
        times = root.cpu_times()
        ended = times.children_user + times.children_system
    return ended + sum(map(_cpu_s, [root, *root.children(recursive=True)]))


def _busy_s() -> float:
    """Of the whole machine."""
    times = psutil.cpu_times()
    return sum(times) - times.idle - getattr(times, "iowait", 0.0) - getattr(times, "guest", 0.0)
