"""What can go wrong when a feed is read.

FeedError
├── FeedUnreachable   no connection, it broke, or it took too long
├── FeedMisbehaved    it answered, but not as agreed
└── Discontinued      the feed cannot go on from the position asked for
"""


class FeedError(Exception):
    """The feed did not give its events."""


class FeedUnreachable(FeedError):
    """No connection, it broke, or it took too long."""


class FeedMisbehaved(FeedError):
    """It answered, but not as agreed."""


class Discontinued(FeedError):
    """What follows the position is pruned, or the feed has never been there: take a snapshot."""

    def __init__(self, partition: int, after: int, oldest: int) -> None:
        super().__init__(f"partition {partition} cannot go on after {after}, only from {oldest}")
        self.oldest = oldest
