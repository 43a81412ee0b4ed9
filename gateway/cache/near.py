"""Entries of this process: bounded by bytes, and whoever takes most gives up first."""

from collections import OrderedDict
from typing import Any

import msgspec

from gateway.cache.envelope import Entry

MOST_BYTES = 64_000_000
OVERHEAD_BYTES = 1_000
"""Of an entry beside its body: its struct, key, tags and place."""


class Held(msgspec.Struct, frozen=True):
    """`value` is what the entry's body says; of age 0 at `born_s`, ended at `ends_s`: monotonic."""

    entry: Entry
    value: Any
    born_s: float
    ends_s: float

    @property
    def size(self) -> int:
        return OVERHEAD_BYTES + 2 * len(self.entry.body)


class Near:
    """Those used last, of each tenant its own."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._kept: dict[str, OrderedDict[str, Held]] = {}
        self._sizes: dict[str, int] = {}
        self.bytes = 0

    def get(self, tenant: str, key: str) -> Held | None:
        of_tenant = self._kept.get(tenant)
        held = of_tenant.get(key) if of_tenant else None
        if held is not None and of_tenant is not None:
            of_tenant.move_to_end(key)
        return held

    def put(self, tenant: str, held: Held) -> None:
        self.drop(tenant, held.entry.key)
        if held.size > self._most_bytes // 8:
            return
        self._kept.setdefault(tenant, OrderedDict())[held.entry.key] = held
        self._count(tenant, held.size)
        while self.bytes > self._most_bytes:
            self._shrink(max(self._sizes, key=self._sizes.__getitem__))

    def drop(self, tenant: str, key: str) -> None:
        of_tenant = self._kept.get(tenant)
        held = of_tenant.pop(key, None) if of_tenant else None
        if held is not None:
            self._count(tenant, -held.size)

    def clear(self) -> None:
        self._kept.clear()
        self._sizes.clear()
        self.bytes = 0

    def _shrink(self, tenant: str) -> None:
        _, oldest = self._kept[tenant].popitem(last=False)
        self._count(tenant, -oldest.size)

    def _count(self, tenant: str, size: int) -> None:
        self.bytes += size
        self._sizes[tenant] = self._sizes.get(tenant, 0) + size
        if not self._kept.get(tenant):
            self._kept.pop(tenant, None)
            self._sizes.pop(tenant, None)
