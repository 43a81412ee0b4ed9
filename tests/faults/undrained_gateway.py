"""A gateway that ends as uvicorn has it: `python -m tests.faults.undrained_gateway`."""

from unittest.mock import patch

import uvicorn

from gateway import main
from gateway.server import Server

if __name__ == "__main__":
    with patch.object(Server, "shutdown", uvicorn.Server.shutdown):
        main.main()
