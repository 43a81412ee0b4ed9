"""What the status comes to, in a sentence that anybody understands."""

from dataclasses import dataclass
from enum import StrEnum

from services.contracts.status import CapabilityStatus, PlatformStatus, RouteMode

HEALTHY_BELOW = 0.01
"""A service of whose calls fewer fail."""
WELL = "Everybody is answered as planned."
BACK = "What is rolled back is answered by the old system until it is safe again."
FAILING = "Some calls to the new services fail; a capability that gets worse is rolled back."


class Health(StrEnum):
    HEALTHY = "Healthy"
    ERRORS = "Errors"
    ROLLED_BACK = "Rolled back"


@dataclass(frozen=True, slots=True)
class Verdict:
    is_well: bool
    headline: str
    because: str


def health_of(capability: CapabilityStatus) -> Health:
    if capability.mode is RouteMode.ROLLED_BACK:
        return Health.ROLLED_BACK
    is_healthy = capability.error_ratio < HEALTHY_BELOW
    return Health.HEALTHY if is_healthy else Health.ERRORS


def verdict(status: PlatformStatus) -> Verdict:
    healths = [health_of(one) for one in status.capabilities]
    back, failing = healths.count(Health.ROLLED_BACK), healths.count(Health.ERRORS)
    if back and failing:
        rest = f"{failing} {_verb(failing, 'has', 'have')} errors"
        return Verdict(False, f"{_counted(back, 'is', 'are')} rolled back, {rest}", BACK)
    if back:
        return Verdict(False, f"{_counted(back, 'is', 'are')} rolled back", BACK)
    if failing:
        return Verdict(False, f"{_counted(failing, 'has', 'have')} errors", FAILING)
    return Verdict(True, "All capabilities are healthy", WELL)


def _counted(number: int, one: str, many: str) -> str:
    things = "capability" if number == 1 else "capabilities"
    return f"{number} {things} {_verb(number, one, many)}"


def _verb(number: int, one: str, many: str) -> str:
    return one if number == 1 else many
