"""Clients from npm, run by node."""

import json
import subprocess
from pathlib import Path
from typing import Any

from tests.npm import installed, tool

HERE = Path(__file__).parent
RUN_WITHIN_S = 120


def run(script: str, **given: Any) -> Any:
    """What `script` (beside this file) prints, as JSON; it gets `given` as JSON in its argument."""
    folder = installed(HERE, (*HERE.rglob("*.mjs"), *HERE.rglob("*.js")))
    command = [tool("node"), str(folder / script), json.dumps(given)]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=RUN_WITHIN_S, check=False
    )
    assert done.returncode == 0, done.stderr or done.stdout
    return json.loads(done.stdout)
