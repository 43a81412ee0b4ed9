"""A gateway that does not hear how long clients wait: `python -m tests.faults.careless_of_time`."""

from unittest.mock import patch

from gateway import main
from gateway.transport import leaving

if __name__ == "__main__":
    with patch.object(leaving, "note_ms", lambda scope, said: None):
        main.main()
