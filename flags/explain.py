"""Says which side answers somebody, and why: also at which percentage they come over."""

from dataclasses import dataclass

from flags.client import Loaded
from flags.document import VERSION, Document, Feature, parse, render
from flags.engine import Engine
from flags.names import Capability, Side
from flags.rollout import Rollout, feature_of
from flags.rule import Rule
from services.contracts.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Explanation:
    """`comes_at` is the lowest percentage at which this viewer is let in."""

    side: Side
    rule: str
    comes_at: int
    is_by_percent: bool

    def told(self) -> str:
        place = f", and this person comes over at {self.comes_at} %" if self.is_by_percent else ""
        return f"{self.side}: {self.rule}{place}"


def explain(text: bytes, capability: Capability, viewer: Viewer) -> Explanation:
    """By the list of flags given; raises BadFlags."""
    decision = Loaded(text).decide(viewer)[capability]
    rule = Rule.of(capability, parse(text))
    return Explanation(
        side=decision.side,
        rule=decision.rule,
        comes_at=comes_at(capability, viewer),
        is_by_percent=rule.is_on and rule.rollout is not None,
    )


def comes_at(capability: Capability, viewer: Viewer) -> int:
    """Asks Unleash itself, with one flag for each percentage, rather than to know its hash."""
    percents = range(1, 101)
    flags = [_at(capability, percent) for percent in percents]
    engine = Engine(render(Document(VERSION, flags)).decode())
    return next(p for p in percents if engine.lets_in(_name(capability, p), viewer))


def _at(capability: Capability, percent: int) -> Feature:
    feature = feature_of(capability, Rollout(percent))
    return Feature(_name(capability, percent), True, feature.strategies)


def _name(capability: Capability, percent: int) -> str:
    return f"{capability.name} at {percent}"
