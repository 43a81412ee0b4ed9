"""What the monolith's lock and its scan cost: `python -m bench.monolith_sins [--json]`."""

import argparse
import asyncio
import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

import httpx
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from bench.old_platform import TENANT, Platform, platform, write_crowd, write_quizzes
from bench.report import end, show
from legacy.monolith.settings import BadSetting, home, server_running_from

COURSES = 32
WRITERS = (1, 8, 32)
ROUNDS = 3
ROUND_S = 1.5

CROWDS = {101: 10, 102: 1_000, 103: 3_000}
"""Courses and how many learners each has."""
LESSONS = 20
ASKED = 30

Step = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Locked:
    """Submits per second of some writers: all in one course, and each in a course of their own."""

    writers: int
    one_course: float
    spread: float

    @property
    def ratio(self) -> float:
        return self.spread / self.one_course


@dataclass(frozen=True, slots=True)
class Scanned:
    """How long one asking for progress takes in a course of some learners."""

    learners: int
    asked_ms: float


async def locks(old: Platform, step: Step) -> list[Locked]:
    quizzes = await write_quizzes(old.db, COURSES, max(WRITERS))
    browsers = [await old.signed_in(user) for user in range(1, max(WRITERS) + 1)]
    found = []
    for writers in WRITERS:
        pairs = []
        for _ in range(ROUNDS):
            hot = await submits_per_s(old, browsers[:writers], quizzes[:1] * writers)
            spread = await submits_per_s(old, browsers[:writers], quizzes[:writers])
            pairs.append((hot, spread))
            step()
        found.append(Locked(writers, *(median(side) for side in zip(*pairs, strict=True))))
    for browser in browsers:
        await browser.aclose()
    return found


async def submits_per_s(
    old: Platform, browsers: list[httpx.AsyncClient], quizzes: list[int]
) -> float:
    """Each writer starts and submits attempts at their quiz, one after another."""
    await old.db.execute("UPDATE content SET attempts = '{}' WHERE tenant_id = $1", TENANT)
    began = time.monotonic()
    ends = began + ROUND_S
    counts = await asyncio.gather(
        *(write(browser, quiz, ends) for browser, quiz in zip(browsers, quizzes, strict=True))
    )
    return sum(counts) / (time.monotonic() - began)


async def write(browser: httpx.AsyncClient, quiz: int, ends: float) -> int:
    submits = 0
    while time.monotonic() < ends:
        attempt = (await browser.post(f"/assessments/{quiz}/start")).json()
        answers = {"answers": {"q1": "a"}}
        done = await browser.post(f"/attempts/{attempt['id']}/submit", json=answers)
        done.raise_for_status()
        submits += 1
    return submits


async def scans(old: Platform, step: Step) -> list[Scanned]:
    browser = await old.signed_in(1)
    found = []
    for course, learners in CROWDS.items():
        await write_crowd(old.db, course, learners, LESSONS)
        found.append(Scanned(learners, await asked_ms(browser, course)))
        step()
    await browser.aclose()
    return found


async def asked_ms(browser: httpx.AsyncClient, course: int) -> float:
    """The median of one learner's askings, one at a time."""
    took = []
    for _ in range(ASKED):
        began = time.monotonic()
        answer = await browser.get(f"/courses/{course}/progress")
        took.append((time.monotonic() - began) * 1000)
        if answer.json() != {"done": LESSONS, "total": LESSONS}:
            raise RuntimeError(f"The monolith miscounted: {answer.text}")
    return median(took)


def tell(locked: list[Locked], scanned: list[Scanned]) -> None:
    show(
        "Submits a second",
        ["writers", "one course", f"spread over {COURSES}", "ratio"],
        [[row.writers, row.one_course, row.spread, row.ratio] for row in locked],
    )
    show(
        "One learner's progress",
        ["learners in the course", "one asking, ms", "ratio"],
        [[row.learners, row.asked_ms, row.asked_ms / scanned[0].asked_ms] for row in scanned],
    )


def figures(
    options: argparse.Namespace, locked: list[Locked], scanned: list[Scanned]
) -> dict[str, object]:
    return {
        "delay_ms": options.delay_ms,
        "workers": options.workers,
        "submits_per_s": {
            str(row.writers): {
                "one_course": round(row.one_course, 1),
                "spread": round(row.spread, 1),
                "ratio": round(row.ratio, 2),
            }
            for row in locked
        },
        "progress_ms": {str(row.learners): round(row.asked_ms, 2) for row in scanned},
        "progress_ratio": round(scanned[-1].asked_ms / scanned[0].asked_ms, 2),
    }


async def run(options: argparse.Namespace) -> None:
    console = Console(stderr=True)
    columns = TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn()
    server_url = options.database or server_running_from(home(os.environ))
    async with platform(server_url, options.delay_ms, options.workers) as old:
        with Progress(*columns, console=console) as bar:
            writing = bar.add_task("Submitting", total=ROUNDS * len(WRITERS))
            asking = bar.add_task("Asking for progress", total=len(CROWDS))
            locked = await locks(old, lambda: bar.advance(writing))
            scanned = await scans(old, lambda: bar.advance(asking))
    tell(locked, scanned)
    end(figures(options, locked, scanned), as_json=options.json)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", help="a PostgreSQL server's URL; else the running stack's")
    parser.add_argument("--delay-ms", type=float, default=2.0, help="what each request takes")
    parser.add_argument("--workers", type=int, default=8, help="requests worked on at once")
    parser.add_argument("--json", action="store_true", help="one JSON object as the last line")
    try:
        asyncio.run(run(parser.parse_args()))
    except (BadSetting, OSError) as wrong:
        sys.exit(str(wrong))


if __name__ == "__main__":
    main()
