"""A collector of traces that takes whatever is sent and keeps how often it came."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Collector(ThreadingHTTPServer):
    """`exports` are requests with spans in them, `bytes` what they had together."""

    exports = 0
    bytes = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Taking(BaseHTTPRequestHandler):
    server: Collector

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.exports += 1
        self.server.bytes += len(body)
        self.send_response(200)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Not on the terminal."""


@contextmanager
def collector() -> Iterator[Collector]:
    with Collector(("127.0.0.1", 0), _Taking) as taking:
        thread = threading.Thread(target=taking.serve_forever, daemon=True)
        thread.start()
        try:
            yield taking
        finally:
            taking.shutdown()
            thread.join()
