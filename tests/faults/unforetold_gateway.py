"""A gateway that asks nobody what they would have made of a command."""

from unittest.mock import patch

from gateway import main
from gateway.shadow import setup
from gateway.shadow.foretelling import Foretelling
from gateway.shadow.shadow import Shadow
from resolvers.ports import Attempting


def alone(alone: Attempting, shadow: Shadow, foretelling: Foretelling) -> Attempting:
    return alone


if __name__ == "__main__":
    with patch.object(setup, "ForetoldAttempting", alone):
        main.main()
