"""The points that count of several attempts as a gradebook of floats has them, with one decimal."""

from collections.abc import Sequence

from legacy.monolith.shapes import Attempt


def counted(policy: str, attempts: Sequence[Attempt]) -> float | None:
    scored = [(one["score"], one["max"]) for one in attempts if one["score"] is not None]
    if not scored:
        return None
    if policy == "average":
        shares = [score / most if most else 0.0 for score, most in scored]
        return round(sum(shares) / len(shares) * scored[-1][1], 1)
    if policy == "highest":
        return max(scored, key=lambda one: one[0] / one[1] if one[1] else 0.0)[0]
    return scored[-1][0] if policy == "latest" else scored[0][0]
