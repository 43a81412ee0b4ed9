"""A gateway that works on for clients who are gone: `python -m tests.faults.staying`."""

from unittest.mock import patch

from gateway import main
from gateway.transport.leaving import Leaving


def stay(leaving: Leaving) -> None:
    """Nobody is told."""


if __name__ == "__main__":
    with patch.object(Leaving, "go", stay):
        main.main()
