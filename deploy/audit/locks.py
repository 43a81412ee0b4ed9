"""What the two locks pin, and what in them is not pinned by version and hash."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

PIN = re.compile(
    r"(?P<name>[A-Za-z0-9._-]+)==(?P<version>[A-Za-z0-9.!+_-]+)"
    r"(?:\s*;\s*[^\\]+?)?(?:\s+--hash=sha256:[0-9a-f]{64})+"
)
EXACT = re.compile(r"\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?")


@dataclass(frozen=True, slots=True)
class Pin:
    name: str
    version: str

    def __str__(self) -> str:
        return f"{self.name}=={self.version}"


def pins(lock: str) -> list[Pin]:
    """Those for every platform: one package may be pinned twice."""
    found = map(PIN.fullmatch, _requirements(lock))
    return [Pin(one["name"], one["version"]) for one in found if one]


def unpinned(lock: str) -> list[str]:
    """The requirements of a lock of Python that name no exact version, or no hash."""
    return [line for line in _requirements(lock) if not PIN.fullmatch(line)]


def _requirements(lock: str) -> Iterator[str]:
    for line in lock.replace("\\\n", " ").splitlines():
        said = line.partition(" #")[0].strip()
        if said and not said.startswith("#"):
            yield re.sub(r"\s+", " ", said)


def unpinned_npm(package: str, lock: str) -> list[str]:
    """What package.json leaves open, and what in its lock has no hash, or an address of its own."""
    asked: dict[str, str] = json.loads(package).get("dependencies", {})
    locked: dict[str, Any] = json.loads(lock)["packages"]
    return [
        *[f"{name} {version}" for name, version in asked.items() if not EXACT.fullmatch(version)],
        *[path for path, one in locked.items() if path and not _is_sealed(one)],
    ]


def _is_sealed(package: dict[str, Any]) -> bool:
    """Without `resolved` it comes from where npm is set to."""
    return str(package.get("integrity", "")).startswith("sha512-") and "resolved" not in package
