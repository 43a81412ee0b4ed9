"""The report for programs: what was replayed, and what came of it."""

from collections.abc import Mapping, Sequence

import msgspec

from services.assessment.replay.explained import Class, Explained
from services.assessment.replay.sheet import ATTEMPTS, RESPONSES
from services.assessment.replay.source import Source
from services.assessment.replay.tally import Counts, Example, Tally

MOST_ASSESSMENTS = 20


class Group(msgspec.Struct, frozen=True):
    """`of` are its responses or attempts in all, `differ` how many of them differ, by class."""

    name: str
    of: int
    differ: dict[str, int]


class Report(msgspec.Struct, frozen=True):
    """`agrees` is the verdict: nothing is unexplained.

    A kind's `differ` has attempts in which an item of that kind does. Of assessments those with
    most differences are told.
    """

    source: str
    archive: str
    agrees: bool
    unexplained: int
    sittings: int
    attempts: int
    banked: int
    responses: int
    answered: int
    classes: dict[str, int]
    results: dict[str, int]
    reasons: dict[str, dict[str, int]]
    kinds: list[Group]
    assessments: list[Group]
    assessments_in_all: int
    examples: dict[str, list[Example]]
    explained: list[Explained]


def report_of(source: Source, tally: Tally, explained: Sequence[Explained]) -> Report:
    groups = _groups(tally.assessments, ATTEMPTS)
    return Report(
        source=source.told,
        archive=source.path.name,
        agrees=not tally.unexplained,
        unexplained=tally.unexplained,
        sittings=tally.sittings,
        attempts=tally.attempts,
        banked=tally.banked,
        responses=tally.responses,
        answered=tally.answered,
        classes=_in_order(tally.classes),
        results=_in_order(tally.results),
        reasons={name: _most_first(counts) for name, counts in sorted(tally.reasons.items())},
        kinds=sorted(_groups(tally.kinds, RESPONSES), key=lambda group: group.name),
        assessments=sorted(groups, key=_most_different)[:MOST_ASSESSMENTS],
        assessments_in_all=len(groups),
        examples=dict(sorted(tally.examples.items())),
        explained=list(explained),
    )


def as_json(report: Report) -> bytes:
    return msgspec.json.format(msgspec.json.encode(report), indent=2) + b"\n"


def _in_order(counts: Counts) -> dict[str, int]:
    return {name.value: counts[name] for name in Class if counts.get(name)}


def _most_first(counts: Counts) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda one: (-one[1], one[0])))


def _groups(counted: Mapping[str, Counts], of: str) -> list[Group]:
    return [
        Group(name, counts.get(of, 0), _in_order({k: n for k, n in counts.items() if k != of}))
        for name, counts in counted.items()
    ]


def _most_different(group: Group) -> tuple[int, int, str]:
    return (
        -group.differ.get(Class.UNEXPLAINED, 0),
        -sum(group.differ.values()),
        group.name,
    )
