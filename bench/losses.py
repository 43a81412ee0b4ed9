"""What became of a rush, by the log of the service, against what its learners were told."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bench.campus import ITEMS
from bench.candidate import CHANGED
from bench.crowd import Crowd

Row = Mapping[str, Any]
BEGUN, SUBMITTED = "AttemptBegun", "AttemptSubmitted"


@dataclass(frozen=True, slots=True)
class Losses:
    """`refused_in_time`: came in time, and were not taken, however often they asked.

    `lost`: were told that it was done, and it was not, or not with all answers.
    `duplicates`: begun or handed in more than once.
    """

    refused_in_time: int
    lost: int
    duplicates: int


def losses(
    started: Crowd, handed_in: Crowd, events: Iterable[Row], answered: Iterable[Row]
) -> Losses:
    """`events` are counted by user, number, what and by_hand; `answered` by user."""
    begun, submitted = Counter[int](), Counter[int]()
    for row in events:
        begun[row["user_id"]] += row["times"] * (row["what"] == BEGUN)
        by_hand = row["what"] == SUBMITTED and row["by_hand"]
        submitted[row["user_id"]] += row["times"] * by_hand
    whole = {
        row["user_id"]
        for row in answered
        if row["items"] == len(ITEMS) and row["newest"] == CHANGED
    }
    lost = [user for user in started.took if not begun[user]]
    lost += [user for user in handed_in.took if not submitted[user] or user not in whole]
    return Losses(
        refused_in_time=started.refused.total() + handed_in.refused.total(),
        lost=len(lost),
        duplicates=sum(max(0, times - 1) for done in (begun, submitted) for times in done.values()),
    )
