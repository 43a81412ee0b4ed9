"""A gateway that compares what both sides said at once, whichever position each was at."""

from unittest.mock import patch

from gateway import main
from gateway.shadow import setup
from gateway.shadow.judging import Asking, AtOnce, Judge, Reaches


def at_once(asking: Asking, positions: Reaches) -> Judge:
    return AtOnce(asking)


if __name__ == "__main__":
    with patch.object(setup, "AtOnePosition", at_once):
        main.main()
