"""Starts a gateway with each of the settings given: `python -m tests.faults.starting`.

It reads a JSON list of environments, and writes exit codes and last words. What `gateway.main`
needs is imported once for all of them; BANYAN_HOME is everybody's.
"""

import gc
import json
import os
import signal
import sys

from gateway import main

WAITS_S = 20
"""One that is not refused serves, until this ends it."""


def start(environ: dict[str, str]) -> tuple[int, str]:
    words, said = os.pipe()
    child = os.fork()
    if child == 0:
        begin(environ, said)
    os.close(said)
    with os.fdopen(words) as told:
        text = told.read()
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status), text


def begin(environ: dict[str, str], said: int) -> None:
    """As the interpreter does it: an uncaught end of `main()` becomes words and an exit code."""
    signal.alarm(WAITS_S)
    os.dup2(said, sys.stderr.fileno())
    os.environ.update(environ)
    main.main()
    sys.exit(0)


if __name__ == "__main__":
    # What is collected nowhere is not copied into each process either.
    gc.disable()
    gc.freeze()
    for given in json.loads(sys.stdin.read()):
        # A child that is told to end leaves this loop by itself.
        ended = json.dumps(start(given))
        sys.stdout.write(f"{ended}\n")
        sys.stdout.flush()
