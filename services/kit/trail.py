"""What one execution was made of: how long that is true, and who may be told."""

from collections.abc import Sequence

import msgspec


class Trail(msgspec.Struct):
    """Filled while the execution runs: by those who judge, and by those who read.

    `facts` has for each guard that judged, by name, what it judged; once something was refused, or
    judged by a guard that cannot be asked again, the answer is its asker's alone. `made_ms` and
    `as_of` are those of the oldest part, `until_ms` is when the first part ends by itself, and
    `fresh_until_ms` when the first is to be renewed.
    """

    facts: dict[str, dict[str, None]] = msgspec.field(default_factory=dict)
    tags: dict[str, None] = msgspec.field(default_factory=dict)
    is_for_all: bool = True
    made_ms: int | None = None
    as_of: int | None = None
    until_ms: int = 0
    fresh_until_ms: int | None = None

    def judged(self, guard: str, facts: Sequence[str]) -> None:
        self.facts.setdefault(guard, {}).update(dict.fromkeys(facts))

    def read(
        self, tags: Sequence[str], made_ms: int, as_of: int, until_ms: int, fresh_until_ms: int
    ) -> None:
        self.tags.update(dict.fromkeys(tags))
        self.made_ms = made_ms if self.made_ms is None else min(made_ms, self.made_ms)
        self.as_of = as_of if self.as_of is None else min(as_of, self.as_of)
        known_ms = self.fresh_until_ms
        self.fresh_until_ms = fresh_until_ms if known_ms is None else min(fresh_until_ms, known_ms)
        if until_ms:
            self.until_ms = min(until_ms, self.until_ms or until_ms)
