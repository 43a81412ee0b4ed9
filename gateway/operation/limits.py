"""How large a document may be; what is larger is refused by name before it is validated."""

from collections.abc import Iterator
from dataclasses import dataclass

from gateway.locale.sentence import Sentence
from gateway.operation.measure import Measure
from gateway.operation.refusal import Code
from services.contracts.learning import Role
from services.contracts.viewer import Viewer

BUDGET = 10_000.0
SHARES = {Role.LEARNER: 1.0, Role.TEACHER: 2.0, Role.PROCTOR: 2.0, Role.OPERATOR: 5.0}
ANONYMOUS = 0.005
"""How often the budget each may spend on one operation."""
TOLD = {
    Code.MAX_OPERATIONS: "The document's operations: {measured}, {most} at most.",
    Code.MAX_DIRECTIVES: "The document's directives: {measured}, {most} at most.",
    Code.MAX_SELECTIONS: "The document's selections: {measured}, {most} at most.",
    Code.MAX_DEPTH: "The document's depth: {measured}, {most} at most.",
    Code.MAX_ALIASES: "The document's aliases: {measured}, {most} at most.",
    Code.MAX_ROOT_FIELDS: "The document's root fields: {measured}, {most} at most.",
    Code.MAX_REPEATS: "The document's repeats: {measured}, {most} at most.",
    Code.MAX_COST: "The document's cost: {measured}, {most} at most.",
}


@dataclass(frozen=True, slots=True)
class Limits:
    """`length` is in characters; all but `root_fields` and `depth` are sums over the document."""

    length: int = 15_000
    tokens: int = 1_000
    operations: int = 10
    directives: int = 50
    selections: int = 1_000
    depth: int = 12
    aliases: int = 30
    root_fields: int = 5
    repeats: int = 3_000
    """Comparisons of fields that will be one in the answer: they cost validation the most."""
    budget: float = BUDGET
    """The cost that an operation of a learner may have."""

    def budget_of(self, viewer: Viewer | None) -> float:
        roles = () if viewer is None else viewer.roles
        return self.budget * max([SHARES[role] for role in roles], default=ANONYMOUS)


@dataclass(frozen=True, slots=True)
class Excess:
    """What is more than the `most` there may be."""

    code: Code
    measured: float
    most: float

    @property
    def told(self) -> Sentence:
        return Sentence(TOLD[self.code], measured=self.measured, most=self.most)


def excesses(measured: Measure, limits: Limits) -> Iterator[Excess]:
    """In the order in which they are told: the first is the reason."""
    for code, value, most in (
        (Code.MAX_OPERATIONS, measured.operations, limits.operations),
        (Code.MAX_DEPTH, measured.depth, limits.depth),
        (Code.MAX_DIRECTIVES, measured.directives, limits.directives),
        (Code.MAX_ROOT_FIELDS, measured.root_fields, limits.root_fields),
        (Code.MAX_ALIASES, measured.aliases, limits.aliases),
        (Code.MAX_SELECTIONS, measured.selections, limits.selections),
    ):
        if value > most:
            yield Excess(code, min(value, 1_000_000), most)
