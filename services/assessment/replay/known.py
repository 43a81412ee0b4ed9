"""The definitions of an archive, each as the model knows one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from functools import cached_property
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from services.assessment.model.definition import Definition, default_rules
from services.assessment.replay.archive import AskedItem, BadArchive, DefinitionLine
from services.assessment.replay.shares import as_written
from services.assessment.scoring.scored import by_item
from services.contracts.assessment import Choice, Item, ItemKind
from services.contracts.events import ItemKey


@dataclass(frozen=True)
class Known:
    """One version; its items and keys by id."""

    line: DefinitionLine
    model: Definition
    zone: ZoneInfo

    @cached_property
    def items(self) -> dict[str, Item]:
        return {item.id: item for item in self.model.items}

    @cached_property
    def keys(self) -> dict[str, ItemKey]:
        return by_item(self.model.items, self.model.keys)

    @cached_property
    def for_humans(self) -> list[str]:
        """The items without a right answer."""
        texts = [name for name, item in self.items.items() if item.kind is ItemKind.TEXT]
        return [name for name in texts if self.keys[name].texts is None]

    @cached_property
    def numbers(self) -> list[str]:
        return [name for name, item in self.items.items() if item.kind is ItemKind.NUMERIC]

    @cached_property
    def most(self) -> float:
        """Points that can be had, each item's in four places."""
        whole = (round(as_written(item.points), 4) for item in self.model.items)
        return float(sum(whole, Fraction(0)))

    @cached_property
    def most_rounded(self) -> float:
        return round(float(sum(item.points for item in self.model.items)), 1)


class Definitions:
    """All versions of all assessments."""

    def __init__(self, lines: Iterable[DefinitionLine]) -> None:
        self._known: dict[str, dict[int, Known]] = {}
        for number, line in enumerate(lines):
            versions = self._known.setdefault(line.assessment, {})
            if line.version in versions:
                raise BadArchive(f"Version {line.version} of {line.assessment!r} is told twice.")
            versions[line.version] = Known(line, _model(number, line), _zone(line))

    def __len__(self) -> int:
        return len(self._known)

    def of(self, assessment: str, version: int) -> Known:
        """The newest where `version` is 0; raises BadArchive for what the archive does not have."""
        versions = self._known.get(assessment)
        if versions is None:
            raise BadArchive(f"Assessment {assessment!r} has no definition.")
        known = versions.get(version or max(versions))
        if known is None:
            raise BadArchive(f"Assessment {assessment!r} has no version {version}.")
        return known

    def before(self, known: Known) -> list[Known]:
        """The versions before it, the latest first."""
        versions = self._known[known.line.assessment]
        return [versions[v] for v in sorted(versions, reverse=True) if v < known.line.version]


def _model(number: int, line: DefinitionLine) -> Definition:
    return Definition(
        assessment=number,
        course=0,
        version=line.version,
        kind=line.kind,
        opens_at=line.opens_at,
        closes_at=line.closes_at,
        time_limit=None if line.time_limit_s is None else timedelta(seconds=line.time_limit_s),
        grace=timedelta(seconds=line.grace_s),
        attempts_allowed=None,
        items=[_item(asked) for asked in line.items],
        keys=line.keys,
        rules=line.rules or default_rules(line.kind),
    )


def _item(asked: AskedItem) -> Item:
    choices = [Choice(choice, choice) for choice in asked.choices]
    return Item(asked.id, "", asked.kind, choices, asked.points)


def _zone(line: DefinitionLine) -> ZoneInfo:
    try:
        return ZoneInfo(line.timezone)
    except (ZoneInfoNotFoundError, ValueError) as wrong:
        raise BadArchive(f"Assessment {line.assessment!r}: no zone {line.timezone!r}.") from wrong
