"""A learner's hand in the class that all are in."""

from bench.class_words import LOWER, RAISE


class Hand:
    """Raised and lowered in turn, each time under a key of its own."""

    __slots__ = ("_done", "_live_class")

    def __init__(self, live_class: str) -> None:
        self._live_class = live_class
        self._done = 0

    def next(self) -> tuple[str, dict[str, str]]:
        """The mutation that is due, and its variables: the same until it is done."""
        return (LOWER if self._done % 2 else RAISE), self.said(f"hand {self._done}")

    def done(self) -> None:
        self._done += 1

    def said(self, key: str) -> dict[str, str]:
        return {"class": self._live_class, "key": key}
