"""The page says in words how it stands, whoever reads it, and shows nothing as anything else."""

import json
import re
from html.parser import HTMLParser

import pytest
from msgspec.structs import replace

from gateway.status.look import POLICY, SCRIPT, STYLE
from gateway.status.page import Pages, shown
from gateway.status.verdict import verdict
from gateway.status.words import MODES, percent
from services.contracts.status import PlatformStatus, RouteMode
from tests.fakes.status import DRILL, HEALTHY, INCIDENT, ROLLED_BACK, STATUS, without_trouble

EVIL = "</table><script>alert(1)</script>\"'&"
FAILING = replace(HEALTHY, error_ratio=0.05)


class Read(HTMLParser):
    """The elements of a page in order, and what each begins with."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())


def read(status: PlatformStatus) -> Read:
    return Read(shown(status).page.decode())


def test_a_headline_says_what_it_comes_to() -> None:
    told = [
        [HEALTHY],
        [HEALTHY, ROLLED_BACK],
        [ROLLED_BACK, ROLLED_BACK],
        [FAILING],
        [FAILING, FAILING],
        [ROLLED_BACK, FAILING],
    ]

    assert [verdict(replace(STATUS, capabilities=one)).headline for one in told] == [
        "All capabilities are healthy",
        "1 capability is rolled back",
        "2 capabilities are rolled back",
        "1 capability has errors",
        "2 capabilities have errors",
        "1 capability is rolled back, 1 has errors",
    ]


def test_everything_that_is_known_stands_in_the_page() -> None:
    text = read(STATUS).text

    for said in (
        "course.read courses, as read Canary 25 % Healthy none",
        "Rolled back since 2 March 2026, 09:30:00 UTC 31 % of its calls failed",
        "31 % of calls failed",
        "0.25 % differ of 4\N{NARROW NO-BREAK SPACE}000 answers",
        "not yet progress.read progress.read was rolled back",
        "passed; back in 4.2 s",
        "Checked 2 March 2026, 09:30:00 UTC",
        "Oldest event waiting 0.4 s",
    ):
        assert " ".join(said.split()) in text


def test_where_nothing_happened_the_page_says_so() -> None:
    status = replace(without_trouble(), last_drill=None, outbox_age_s=None)
    text = read(status).text

    assert "No incident is on record." in text
    assert "Last rehearsal of a rollback none is on record" in text
    assert "Oldest event waiting not known" in text


@pytest.mark.parametrize("mode", list(RouteMode))
def test_every_mode_has_a_word_and_a_meaning(mode: RouteMode) -> None:
    status = replace(STATUS, capabilities=[replace(HEALTHY, mode=mode, service_percent=None)])

    assert MODES[mode][0] in read(status).text
    assert MODES[mode][1] in read(status).text


def test_nothing_that_is_told_is_taken_for_markup() -> None:
    evil = replace(
        ROLLED_BACK, name=EVIL, what=EVIL, owner=EVIL, reason=EVIL, error_ratio=0.5, compared=3
    )
    told = PlatformStatus(
        [evil],
        [replace(INCIDENT, id=EVIL, capability=EVIL, summary=EVIL)],
        STATUS.checked_at,
        0.0,
        replace(DRILL, capability=EVIL, summary=EVIL),
    )

    found = read(told)

    assert [tag for tag, _ in found.tags].count("script") == 1
    assert [tag for tag, _ in found.tags].count("table") == 2
    assert found.text.count("alert(1)") == 7
    assert b"<script>alert" not in shown(told).event


def test_an_event_has_the_same_as_the_page_in_one_line() -> None:
    made = shown(STATUS)
    head, _, body = made.event.partition(b": ")
    told = json.loads(body)

    assert (head, made.event.count(b"\n")) == (b"data", 2)
    assert told["headline"] == "1 capability is rolled back"
    assert told["tone"] == "unwell"
    assert told["board"] in made.page.decode()


def test_it_is_written_once_for_all() -> None:
    pages = Pages()

    assert pages.of(STATUS) is pages.of(STATUS)
    assert pages.of(without_trouble()) is not pages.of(STATUS)


def test_it_works_without_a_script_and_asks_nobody_else() -> None:
    page = shown(STATUS).page.decode()
    found = read(STATUS)

    assert '<noscript><meta http-equiv="refresh"' in page
    assert not re.search(r'(src|href|action)="(?!data:)', page)
    assert not [attrs for _, attrs in found.tags if "style" in attrs]
    assert not [name for _, attrs in found.tags for name in attrs if name.startswith("on")]


def test_only_its_own_style_and_script_may_run() -> None:
    page = shown(STATUS).page.decode()

    assert f"<style>{STYLE}</style>" in page
    assert f"<script>{SCRIPT}</script>" in page
    assert "'unsafe-inline'" not in POLICY
    assert POLICY.startswith("default-src 'none'")
    assert POLICY.count("'sha256-") == 2


def test_those_who_do_not_see_it_can_find_their_way() -> None:
    tags = read(STATUS).tags
    names = [tag for tag, _ in tags]

    assert ("html", {"lang": "en"}) in tags
    assert {"header", "main", "footer", "h1", "caption"} <= set(names)
    assert all(attrs.get("scope") for tag, attrs in tags if tag == "th")
    labels = {attrs["aria-labelledby"] for tag, attrs in tags if tag == "section"}
    assert labels <= {attrs.get("id") for _, attrs in tags}
    assert names.count("h1") == 1


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_colour_of_text_stands_out(theme: str) -> None:
    """WCAG AA: 4.5 to 1 for text of this size."""
    light, dark = re.findall(r":root\{(.*?)\}", STYLE, re.DOTALL)
    found = dict(re.findall(r"--(\w+):(#\w+)", light if theme == "light" else dark))

    for ink in ("ink", "soft", "good", "bad", "warn"):
        for paper in ("paper", "card"):
            assert _contrast(found[ink], found[paper]) >= 4.5, (ink, paper)


def _contrast(one: str, other: str) -> float:
    light, dark = sorted([_luminance(one), _luminance(other)], reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(2 * one for one in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize(
    ("ratio", "told"),
    [(0.0, "0 %"), (0.31, "31 %"), (0.0025, "0.25 %"), (1.0, "100 %"), (1e-6, "below 0.01 %")],
)
def test_a_ratio_is_told_in_percent(ratio: float, told: str) -> None:
    assert percent(ratio) == told
