"""A small real gateway for tests of the supervisor: `python stand_in.py [stubborn|silent|mortal]`.

It answers on BANYAN_PORT with its process number. A stubborn one does not stop when asked, a
silent one never answers, a mortal one dies at once.
"""

import os
import signal
import socket
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer


class Answer(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(str(os.getpid()).encode())


class SharedPort(HTTPServer):
    def server_bind(self) -> None:
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        super().server_bind()


def main(kind: str = "") -> None:
    sys.stderr.write(f"a {kind or 'plain'} stand-in begins\n")
    if kind == "mortal":
        sys.exit("it was not meant to live")
    if kind == "silent":
        signal.pause()
    if kind == "stubborn":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    SharedPort(("127.0.0.1", int(os.environ["BANYAN_PORT"])), Answer).serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])
