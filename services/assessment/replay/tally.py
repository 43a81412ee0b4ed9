"""What judging a part of an archive found, in numbers that add up, with a few examples."""

from collections.abc import Iterable, Mapping

import msgspec

from services.assessment.replay.explained import Class

EXAMPLES = 5
"""Of each class and reason those with the greatest difference, and of them the first."""

Counts = dict[str, int]


class Example(msgspec.Struct, frozen=True):
    """`by` is how much more was recorded, `number` the attempt's (0: the result of all)."""

    line: int
    assessment: str
    learner: str
    number: int
    recorded: dict[str, float | bool | None]
    ours: dict[str, float | bool | None]
    by: float
    kinds: list[str]

    @property
    def rank(self) -> tuple[float, int, int]:
        return (-abs(self.by), self.line, self.number)


class Tally(msgspec.Struct):
    """Counts by name; `responses` are items judged, of them `answered` some.

    `classes` has what attempts came to, `results` what points that counted did, `reasons` the
    quirks, or where the unexplained is, by class; `kinds` and `assessments` have responses and
    attempts of each, and how many of them differ.
    """

    sittings: int = 0
    attempts: int = 0
    responses: int = 0
    answered: int = 0
    banked: int = 0
    classes: Counts = {}
    results: Counts = {}
    reasons: dict[str, Counts] = {}
    kinds: dict[str, Counts] = {}
    assessments: dict[str, Counts] = {}
    examples: dict[str, list[Example]] = {}

    @property
    def unexplained(self) -> int:
        return self.classes.get(Class.UNEXPLAINED, 0) + self.results.get(Class.UNEXPLAINED, 0)

    def add(self, other: "Tally") -> None:
        for name in ("sittings", "attempts", "responses", "answered", "banked"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        add_up(self.classes, other.classes)
        add_up(self.results, other.results)
        for mine, theirs in (
            (self.reasons, other.reasons),
            (self.kinds, other.kinds),
            (self.assessments, other.assessments),
        ):
            for name, counts in theirs.items():
                add_up(mine.setdefault(name, {}), counts)
        for reason, examples in other.examples.items():
            self.show(reason, examples)

    def wants(self, reason: str, by: float) -> bool:
        """Whether one that comes later in the archive could be among the few."""
        shown = self.examples.get(reason, [])
        return len(shown) < EXAMPLES or abs(by) > abs(shown[-1].by)

    def show(self, reason: str, examples: Iterable[Example]) -> None:
        """Keeps the few that tell most."""
        both = [*self.examples.get(reason, ()), *examples]
        self.examples[reason] = sorted(both, key=lambda example: example.rank)[:EXAMPLES]


def add_up(mine: Counts, theirs: Mapping[str, int]) -> None:
    for name, number in theirs.items():
        mine[name] = mine.get(name, 0) + number
