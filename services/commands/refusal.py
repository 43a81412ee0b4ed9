"""Why a command is not done, raised so that its transaction leaves nothing behind."""

from services.contracts.errors import ErrorCode, Refused

BUSY = Refused(
    ErrorCode.UPSTREAM_UNAVAILABLE,
    "The same is being done right now: try again.",
    retryable=True,
    retry_after_ms=200,
)

UNABLE = Refused(
    ErrorCode.UPSTREAM_UNAVAILABLE,
    "This cannot be done for the moment: try again.",
    retryable=True,
    retry_after_ms=1_000,
)


class Refusal(Exception):
    """The command is understood and not done."""

    def __init__(self, refused: Refused) -> None:
        super().__init__(refused.message)
        self.refused = refused


class Undone(Exception):
    """Nothing is done, and the `reply` is not kept: the same key may be sent again."""

    def __init__(self, reply: object) -> None:
        super().__init__(str(reply))
        self.reply = reply
