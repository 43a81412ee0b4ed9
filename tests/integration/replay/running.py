"""Runs `banyan` as anybody would."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

BANYAN = Path(sys.executable).with_name("banyan")
WITHIN_S = 240.0

Done = subprocess.CompletedProcess[str]


def banyan(*words: object, **environ: str) -> Done:
    return subprocess.run(
        command(*words),
        env=os.environ | environ,
        capture_output=True,
        text=True,
        timeout=WITHIN_S,
        check=False,
    )


def command(*words: object) -> list[str]:
    return [str(BANYAN), *(str(word) for word in words)]


def report(folder: Path) -> Mapping[str, Any]:
    said: dict[str, Any] = json.loads((folder / "report.json").read_bytes())
    return said
