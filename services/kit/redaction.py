"""Takes secrets out of what is said aloud: our environment's by their value, others by their form.

A value is looked for as it is, as URLs and JSON write it, and in the pieces into which a parser of
addresses breaks a password that nobody encoded: such a piece stands in the parser's complaint.
"""

import json
import re
import sys
import traceback
from collections.abc import Iterator, Mapping
from types import TracebackType
from urllib.parse import quote, unquote

GONE = "[secret]"
LEAST = 6
"""Shorter values are words: to take them out would spoil what is said, and they protect nothing."""
NAMED = re.compile(r"(SECRET|PASSWORD|TOKEN|KEY)$")
IN_ADDRESS = re.compile(r"://[^:@/\s]*:(.+?)@(?=[^@]*(?:,\w+://|$))|[?&]password=([^&\s]+)")
BROKEN_AT = re.compile(r"[/?#]")
FORMS = [
    re.compile(r"""(://[^\s/:@"]*:)[^\s/"]+(?=@)"""),
    re.compile(r"(?i)(\b(?:bearer|basic)\s+)[\w.~+/=-]{8,}"),
    re.compile(r"()\beyJ[\w-]+\.[\w-]+\.[\w-]*"),
    re.compile(
        r"""(?i)((?:cookie|authorization|idempotency-key)\\?["']?:\s*\\?["']?)[^"'\\\n]+""",
    ),
    re.compile(
        r"""(?i)((?:session|password|secret|token|credential|_key)(?:=|\\?["']:\s?)\\?["']?)[^\s"'\\;&,)]+"""
    ),
]


class Redaction:
    """`redaction("redis://:hidden@host")` is "redis://:[secret]@host"."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        known = {form for secret in _secrets(environ) for form in _written(secret)}
        longest_first = sorted((form for form in known if len(form) >= LEAST), key=len)[::-1]
        self._known = re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")

    def __call__(self, text: str) -> str:
        text = self._known.sub(GONE, text)
        for form in FORMS:
            text = form.sub(rf"\1{GONE}", text)
        return text

    def heed(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        """For `sys.excepthook`: what nobody caught is told as ever, without secrets."""
        sys.stderr.write(self("".join(traceback.format_exception(kind, error, trace))))


def _secrets(environ: Mapping[str, str]) -> Iterator[str]:
    for name, text in environ.items():
        if NAMED.search(name):
            yield text
        for found in IN_ADDRESS.findall(text):
            yield from found


def _written(secret: str) -> Iterator[str]:
    yield from (secret, quote(secret, safe=""), json.dumps(secret)[1:-1])
    yield from (unquote(secret), *BROKEN_AT.split(secret))
