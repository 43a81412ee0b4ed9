"""What two of the monolith's sins cost: its lock of a whole course, and its scan for progress.

Measured on a monolith and a database of the bench's own, at the running system's PostgreSQL.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

import click
import httpx

from bench import report
from bench.old_platform import TENANT, Platform, platform, write_crowd, write_quizzes
from bench.system import system

LESSONS = 20
FIRST_CROWD = 101

Step = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Sizes:
    delay_ms: float
    workers: int
    writers: int
    learners: int
    asked: int
    seconds: float
    rounds: int

    @property
    def crews(self) -> list[int]:
        """How many write at once: one, a quarter of them, all."""
        return sorted({1, -(-self.writers // 4), self.writers})

    @property
    def crowds(self) -> list[int]:
        """How many learners the courses have."""
        return sorted({10, -(-self.learners // 3), self.learners})


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


async def locks(old: Platform, sizes: Sizes, step: Step) -> list[Locked]:
    quizzes = await write_quizzes(old.db, sizes.writers, sizes.writers)
    browsers = [await old.signed_in(user) for user in range(1, sizes.writers + 1)]
    found = []
    for writers in sizes.crews:
        pairs = []
        for _ in range(sizes.rounds):
            hot = await submits_per_s(old, browsers, quizzes[:1] * writers, sizes.seconds)
            spread = await submits_per_s(old, browsers, quizzes[:writers], sizes.seconds)
            pairs.append((hot, spread))
            step()
        found.append(Locked(writers, *(median(side) for side in zip(*pairs, strict=True))))
    for browser in browsers:
        await browser.aclose()
    return found


async def submits_per_s(
    old: Platform, browsers: Sequence[httpx.AsyncClient], quizzes: Sequence[int], seconds: float
) -> float:
    """A writer for each quiz starts and submits attempts at it, one after another."""
    await old.db.execute("UPDATE content SET attempts = '{}' WHERE tenant_id = $1", TENANT)
    began = time.monotonic()
    ends = began + seconds
    counts = await asyncio.gather(
        *(write(browser, quiz, ends) for browser, quiz in zip(browsers, quizzes, strict=False))
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


async def scans(old: Platform, sizes: Sizes, step: Step) -> list[Scanned]:
    browser = await old.signed_in(1)
    found = []
    for course, learners in enumerate(sizes.crowds, start=FIRST_CROWD):
        await write_crowd(old.db, course, learners, LESSONS)
        found.append(Scanned(learners, await asked_ms(browser, course, sizes.asked)))
        step()
    await browser.aclose()
    return found


async def asked_ms(browser: httpx.AsyncClient, course: int, asked: int) -> float:
    """The median of one learner's askings, one at a time."""
    took = []
    for _ in range(asked):
        began = time.monotonic()
        answer = await browser.get(f"/courses/{course}/progress")
        took.append((time.monotonic() - began) * 1000)
        if answer.json() != {"done": LESSONS, "total": LESSONS}:
            raise RuntimeError(f"The monolith miscounted: {answer.text}")
    return median(took)


def tell(locked: list[Locked], scanned: list[Scanned]) -> None:
    report.show(
        "Submits a second",
        ["writers", "one course", "a course each", "ratio"],
        [[row.writers, row.one_course, row.spread, row.ratio] for row in locked],
    )
    report.show(
        "One learner's progress",
        ["learners in the course", "one asking, ms", "ratio"],
        [[row.learners, row.asked_ms, row.asked_ms / scanned[0].asked_ms] for row in scanned],
    )


def figures(sizes: Sizes, locked: list[Locked], scanned: list[Scanned]) -> dict[str, object]:
    return {
        "delay_ms": sizes.delay_ms,
        "workers": sizes.workers,
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


async def compare(server_url: str, sizes: Sizes) -> tuple[list[Locked], list[Scanned]]:
    async with platform(server_url, sizes.delay_ms, sizes.workers) as old:
        with report.progress() as bar:
            writing = bar.add_task("Submitting", total=sizes.rounds * len(sizes.crews))
            asking = bar.add_task("Asking for progress", total=len(sizes.crowds))
            locked = await locks(old, sizes, lambda: bar.advance(writing))
            return locked, await scans(old, sizes, lambda: bar.advance(asking))


@click.command(help=__doc__)
@click.option("--delay-ms", default=2.0, show_default=True, help="What each request takes.")
@click.option("--workers", default=8, show_default=True, help="Requests worked on at once.")
@click.option("--writers", default=32, show_default=True, help="Learners who submit, at most.")
@click.option("--learners", default=3_000, show_default=True, help="In the largest course.")
@click.option("--asked", default=30, show_default=True, help="Askings for progress in each.")
@click.option("--seconds", default=1.5, show_default=True, help="How long each round takes.")
@click.option("--rounds", default=3, show_default=True, help="Rounds of submitting, in turns.")
@report.json_option
def main(
    delay_ms: float,
    workers: int,
    writers: int,
    learners: int,
    asked: int,
    seconds: float,
    rounds: int,
    as_json: bool,
) -> None:
    sizes = Sizes(delay_ms, workers, writers, learners, asked, seconds, rounds)
    with system() as running:
        locked, scanned = asyncio.run(compare(running.at.database, sizes))
    tell(locked, scanned)
    report.end(figures(sizes, locked, scanned), as_json)


if __name__ == "__main__":
    main()
