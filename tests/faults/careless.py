"""A probed gateway that keeps every document, and nothing from the garbage collector."""

from functools import partial
from unittest.mock import patch

from gateway import main
from gateway.building import doors
from gateway.operation.document import Documents
from tests.faults.probed import probed

MANY = 10_000_000


if __name__ == "__main__":
    with (
        patch.object(main, "build", probed),
        patch.object(main, "settle", lambda: None),
        patch.object(doors, "Documents", partial(Documents, most_tokens=MANY)),
    ):
        main.main()
