"""What a loop that outlives its errors owes to whoever tells it to end."""

import asyncio


def heed_cancellation() -> None:
    """Said in the `except` of such a loop; raises CancelledError where its task was told to end.

    What is cancelled gives back what it holds, and an error raised there, by a connection that
    broke meanwhile, takes the place of the CancelledError, which then reaches nobody.
    """
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError
