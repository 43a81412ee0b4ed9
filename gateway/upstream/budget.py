"""What may be sent beside the calls themselves: a share of them, and no more."""


class Budget:
    """Tokens: each call brings a share of one, each further try takes one.

    As Finagle's RetryBudget and Envoy's: against an upstream that fails all calls, three tries a
    call are three times the calls, and a budget of a tenth is 1.1 times.
    """

    __slots__ = ("_most", "_share", "_tokens")

    def __init__(self, share: float, most: float, first: float = 0.0) -> None:
        self._share = share
        self._most = most
        self._tokens = first

    def earn(self) -> None:
        self._tokens = min(self._most, self._tokens + self._share)

    def spend(self) -> bool:
        """Whether there was one."""
        if self._tokens < 1.0:
            return False
        self._tokens -= 1.0
        return True
