"""uvicorn's connection, within bounds for a request's head: how large it is, and how slow."""

from asyncio import TimerHandle, Transport

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MOST_HEAD_BYTES = 32_000
"""Of the address and all headers."""
WITHIN_S = 10.0
"""For a head; and for the rest of a body whose request was answered already."""
LINGER_S = 2.0
BODY = (
    b'{"errors":[{"message":"The head of the request is too large.",'
    b'"extensions":{"code":"HEAD_TOO_LARGE"}}]}'
)
TOO_LARGE = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
    b"content-type: application/json\r\nconnection: close\r\n"
    b"content-length: %d\r\n\r\n%b" % (len(BODY), BODY)
)


class Intake(HttpToolsProtocol):
    """uvicorn's own takes heads of any size, and waits for one for ever.

    A header is told when it is whole: what was not told yet is counted as it comes.
    """

    _late: TimerHandle | None = None
    _is_refused = False
    _is_in_head = True
    _heads = 0
    _head_bytes = 0
    _untold_bytes = 0

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._hurry()

    def connection_lost(self, exc: Exception | None) -> None:
        self._came()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._is_refused:
            return
        was_in_head, heads = self._is_in_head, self._heads
        super().data_received(data)
        if was_in_head and heads == self._heads and not self.transport.is_closing():
            self._goes_on(len(data))

    def on_message_begin(self) -> None:
        self._head_bytes = 0
        super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        self._grow(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        self._grow(len(name) + len(value))
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        self._came()
        self._heads += 1
        self._is_in_head = False
        self._untold_bytes = 0
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._came()
        self._is_in_head = True
        super().on_message_complete()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if not self._is_in_head:
            self._hurry()

    def send_400_response(self, msg: str) -> None:
        """httptools knows no other reason than that the request is invalid."""
        if self._head_bytes > MOST_HEAD_BYTES:
            self._refuse()
        else:
            super().send_400_response(msg)

    def _grow(self, size: int) -> None:
        self._head_bytes += size
        if self._head_bytes > MOST_HEAD_BYTES:
            raise ValueError("the head is too large")

    def _goes_on(self, size: int) -> None:
        self._untold_bytes += size
        if self._untold_bytes > MOST_HEAD_BYTES:
            self._refuse()
        else:
            self._hurry()

    def _refuse(self) -> None:
        """What still comes is dropped a while: a reset would take the answer with it."""
        self._is_refused = True
        if self._is_answering():
            self.transport.abort()
            return
        self.transport.write(TOO_LARGE)
        self.transport.write_eof()
        self._came()
        self._late = self.loop.call_later(LINGER_S, self.transport.abort)

    def _is_answering(self) -> bool:
        return self._heads > 0 and not self.cycle.response_complete

    def _hurry(self) -> None:
        """The first of what is waited for counts, however often some of it comes."""
        if self._late is None:
            self._late = self.loop.call_later(WITHIN_S, self.transport.close)

    def _came(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None
