"""Turns what tenants are answered by to the other side in a running system, and back at the end."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import click

from bench.gateways import Gateways
from bench.system import System
from flags.change import BadChange, Change
from flags.document import BadFlags, Document, Feature
from flags.file import FlagFile
from flags.names import (
    ASSESSMENT_ATTEMPTS,
    ASSESSMENT_READ,
    ASSESSMENT_SCORING,
    COURSE_READ,
    LIVE_CLASS_CONTROL,
    LIVE_CLASS_SCHEDULE,
    PROGRESS_READ,
    Capability,
    Side,
)
from flags.rollout import default_rollout, feature_of, rollout_of

READS = (
    COURSE_READ,
    PROGRESS_READ,
    LIVE_CLASS_SCHEDULE,
    LIVE_CLASS_CONTROL,
    ASSESSMENT_READ,
)
ATTEMPTS = (COURSE_READ, ASSESSMENT_READ, ASSESSMENT_ATTEMPTS, ASSESSMENT_SCORING)
PERCENT = {Side.LEGACY: 0, Side.SERVICE: 100}


@dataclass(frozen=True, slots=True)
class Lever:
    """What one tenant of the sample reads."""

    home: Path
    tenant: str
    gateways: Gateways

    @classmethod
    def of(cls, running: System, tenant: str) -> "Lever":
        return cls(running.home, tenant, Gateways.of(running))

    async def turn(self, side: Side) -> None:
        """Returns once every process of the gateway has it."""
        for capability in READS:
            # One by one: a list that is loaded after a change, the one before being loaded
            # already, is the changed one.
            change = Change(capability, PERCENT[side], self.tenant)
            try:
                await self.gateways.take(partial(change.applied, self.home))
            except (BadChange, BadFlags) as refused:
                raise click.ClickException(str(refused)) from refused


async def place(
    running: System, sides: Mapping[str, Side], turned: Sequence[Capability] = ATTEMPTS
) -> None:
    """Puts tenants, who need not be the sample's, on a side each with all they do to attempts."""
    gateways, file = Gateways.of(running), FlagFile(running.home)
    for capability in turned:
        change = partial(_placed, capability, sides)
        await gateways.take(partial(file.change, change))


def _placed(capability: Capability, sides: Mapping[str, Side], document: Document) -> list[Feature]:
    feature = document.feature(capability.name)
    rollout = rollout_of(capability, feature) if feature else default_rollout(capability)
    if rollout is None:
        raise click.ClickException(f"{capability.name} has rules of its own in Unleash.")
    for tenant, side in sides.items():
        rollout = rollout.with_tenant(tenant, PERCENT[side])
    return [feature_of(capability, rollout)]


@contextmanager
def flags_kept(home: Path, turned: Sequence[Capability] = READS) -> Iterator[None]:
    """What is turned inside the block is behind it as it was before."""
    file = FlagFile(home)
    file.ensure()
    before = _features(file.read(), turned)
    try:
        yield
    finally:
        for feature, now in zip(before, _features(file.read(), turned), strict=True):
            if feature != now:
                file.change(partial(_put, feature))


def _features(document: Document, turned: Sequence[Capability]) -> list[Feature]:
    """A capability that is not listed stands where it would by default."""
    return [document.feature(one.name) or feature_of(one, default_rollout(one)) for one in turned]


def _put(feature: Feature, document: Document) -> list[Feature]:
    return [feature]
