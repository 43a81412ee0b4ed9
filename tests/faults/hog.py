"""One viewer who opens all their queries within a second, in a process of their own.

Who asks beside them would else ask only once the same loop has sent those. Run by itself the bearer
comes by standard input, and what was told goes to standard output.
"""

import asyncio
import json
import os
import sys
from collections import Counter
from functools import partial

from tests.faults.surge import Told, surge
from tests.learner import Someone

AT_ONCE_S = 1.0


async def hog(gateway: str, bearer: str, query: str, many: int) -> Told:
    """What it was told, but for how long it took."""
    argv = [sys.executable, "-m", "tests.faults.hog", gateway, query, str(many)]
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*argv, stdin=pipe, stdout=pipe)
    said, _ = await process.communicate(bearer.encode())
    assert process.returncode == 0
    sent, answered, refused, failed = json.loads(said)
    return Told(sent, answered, Counter(refused), Counter(failed))


async def main(gateway: str, query: str, many: int) -> None:
    someone = Someone(gateway, sys.stdin.read())
    asks = {"hog": (many / AT_ONCE_S, partial(someone.answer, query))}
    told = (await surge(asks, AT_ONCE_S))["hog"]
    await someone.close()
    sys.stdout.write(json.dumps([told.sent, told.answered, told.refused, told.failed]))
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
    # pyreqwest 0.15.1 has threads that may outlive the interpreter, and then abort the process.
    os._exit(0)
