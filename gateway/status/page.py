"""The status page, which works without a script; each is written once for all who look."""

from dataclasses import dataclass

import msgspec

from gateway.status.board_html import board
from gateway.status.look import SCRIPT, STYLE
from gateway.status.verdict import Verdict, verdict
from gateway.status.words import MODES, text
from services.contracts.status import PlatformStatus

REFRESH_S = 10
"""Where no script runs."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One status: as a page, and as an event of the page's stream."""

    of: PlatformStatus
    page: bytes
    event: bytes


class Pages:
    """Has what was written last."""

    def __init__(self) -> None:
        self._last: Shown | None = None

    def of(self, status: PlatformStatus) -> Shown:
        if self._last is None or self._last.of is not status:
            self._last = shown(status)
        return self._last


def shown(status: PlatformStatus) -> Shown:
    said, inner = verdict(status), board(status)
    return Shown(status, _page(said, inner).encode(), _event(said, inner))


def _event(said: Verdict, inner: str) -> bytes:
    told = {
        "headline": said.headline,
        "because": said.because,
        "tone": _tone(said),
        "board": inner,
    }
    return b"data: " + msgspec.json.encode(told) + b"\n\n"


def _tone(said: Verdict) -> str:
    return "well" if said.is_well else "unwell"


def _page(said: Verdict, inner: str) -> str:
    headline = text(said.headline)
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{headline} &ndash; Banyan</title>
<link rel="icon" href="data:,">
<noscript><meta http-equiv="refresh" content="{REFRESH_S}"></noscript>
<style>{STYLE}</style>
</head>
<body class="{_tone(said)}">
<header>
<p class="name">Banyan platform status</p>
<h1 id="headline" aria-live="polite">{headline}</h1>
<p id="because">{text(said.because)}</p>
</header>
<main>
<div id="board">{inner}</div>
</main>
<footer>
<section aria-labelledby="words">
<h2 id="words">What the words mean</h2>
<dl>{_legend()}</dl>
</section>
<p id="live">Reload this page to see what is new.</p>
</footer>
<script>{SCRIPT}</script>
</body>
</html>
"""


def _legend() -> str:
    return "".join(f"<dt>{text(word)}</dt><dd>{text(means)}</dd>" for word, means in MODES.values())
