"""What documents are held to: how large they may be, and what clients learn of the contract."""

from dataclasses import dataclass, field

from gateway.operation.limits import Excess, Limits
from gateway.operation.refusal import refused
from services.kit.log import Log
from services.kit.settings import Limiting

log = Log("documents")


@dataclass(frozen=True, slots=True)
class Rules:
    """`is_open`: the contract may be asked about itself, and errors say what it has instead.

    `tells_cost`: answers say what their operation cost. An operation is compiled once it was used
    more than `compiles_after` times.
    """

    limits: Limits = field(default_factory=Limits)
    limiting: Limiting = Limiting.ENFORCE
    is_open: bool = True
    tells_cost: bool = False
    compiles_after: int = 0

    def judge(self, excess: Excess, document: str) -> None:
        """Raises BadDocument, unless one only warns; `document` is its hash."""
        if self.limiting is Limiting.ENFORCE:
            raise refused(excess.code, excess.told, measured=excess.measured, most=excess.most)
        log.warning(
            "document.over",
            code=excess.code.value,
            measured=excess.measured,
            most=excess.most,
            document=document,
        )
