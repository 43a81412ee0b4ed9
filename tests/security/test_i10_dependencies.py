"""Row I10: what we depend on is pinned by version and hash, and has no hole that is known."""

import asyncio
import json
import os
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest

from deploy.audit import accepted, locks, npm, python
from deploy.audit.__main__ import CLIENTS, LOCK
from deploy.audit.accepted import Accepted
from deploy.audit.hole import Hole, NoAdvice
from deploy.audit.locks import Pin
from services.kit.clock import SystemClock
from services.kit.settings import Settings
from tests.figures import Recorder
from tests.integration.monolith.serving import serving
from tests.security.advisories import ADVISORIES, OLD_NPM, OLD_PYTHON

T = TypeVar("T")
TODAY = SystemClock().now().date()
NOBODY = "http://127.0.0.1:9"


def test_i10_every_dependency_is_pinned_by_version_and_hash(figure: Recorder) -> None:
    lock, package = LOCK.read_text(), (CLIENTS / "package.json").read_text()
    npm_lock = (CLIENTS / "package-lock.json").read_text()

    loose = [*locks.unpinned(lock), *locks.unpinned_npm(package, npm_lock)]

    pinned = len(locks.pins(lock)), len(json.loads(npm_lock)["packages"]) - 1
    figure("I10", pinned_python=pinned[0], pinned_npm=pinned[1], unpinned=len(loose))
    assert loose == []
    assert pinned[0] == sum(line[:1].isalnum() for line in lock.splitlines())


def test_i10_what_is_not_pinned_is_seen() -> None:
    sealed = f"a==1 --hash=sha256:{'0' * 64}\n"
    package = {"dependencies": {"a": "^1.0.0"}}
    lock: dict[str, Any] = {"packages": {"": {}, "node_modules/a": {}}}

    assert locks.unpinned(f"{sealed}b>=1\nc==1\n{sealed} # why\n-e .\n") == ["b>=1", "c==1", "-e ."]
    assert locks.unpinned_npm(json.dumps(package), json.dumps(lock)) == [
        "a ^1.0.0",
        "node_modules/a",
    ]


def test_i10_nothing_pinned_has_a_known_hole(figure: Recorder) -> None:
    """Asked where holes are published; a pin that is known to be old shows that it answers."""
    assert _advised(lambda: python.holes([Pin(*OLD_PYTHON)])) != []

    known = python.holes(locks.pins(LOCK.read_text()))

    figure("I10", known_holes=len(accepted.left(known, accepted.read(), TODAY)))
    assert accepted.left(known, accepted.read(), TODAY) == []


def test_i10_no_client_from_npm_has_a_known_hole(figure: Recorder) -> None:
    known = _advised(lambda: npm.holes(CLIENTS))

    figure("I10", known_holes_npm=len(accepted.left(known, accepted.read(), TODAY)))
    assert accepted.left(known, accepted.read(), TODAY) == []


async def test_i10_fails_without_a_newer_release(figure: Recorder) -> None:
    """The same audit, of the lock with one release that is known to have a hole."""
    lock = locks.pins(LOCK.read_text())
    others = [pin for pin in lock if pin.name != OLD_PYTHON[0]]

    async with serving(ADVISORIES) as url:
        ask = f"{url}/v1/query"
        ours = await asyncio.to_thread(python.holes, lock, ask)
        with_an_old_one = await asyncio.to_thread(python.holes, [*others, Pin(*OLD_PYTHON)], ask)

    figure("I10", holes_with_an_old_release=len(with_an_old_one))
    assert ours == []
    [hole] = with_an_old_one
    assert {"GHSA-www2-v7xj-xrc6", "CVE-2018-20060"} <= hole.ids
    assert accepted.left([hole], accepted.read(), TODAY) == [hole]


@pytest.mark.skipif(shutil.which("npm") is None, reason="npm is not installed")
async def test_i10_fails_without_a_newer_client(tmp_path: Path) -> None:
    name, version = OLD_NPM
    said = {"name": "clients", "dependencies": {name: version}}
    packages = {"": said, f"node_modules/{name}": {"version": version}}
    lock = {"name": "clients", "lockfileVersion": 3, "packages": packages}
    (tmp_path / "package.json").write_text(json.dumps(said))
    (tmp_path / "package-lock.json").write_text(json.dumps(lock))

    async with serving(ADVISORIES) as url:
        ours = await asyncio.to_thread(npm.holes, CLIENTS, url)
        [hole] = await asyncio.to_thread(npm.holes, tmp_path, url)

    assert ours == []
    assert hole.ids == {"GHSA-3h5v-q93c-6h6q"}


def test_i10_who_cannot_ask_has_found_nothing_out() -> None:
    with pytest.raises(NoAdvice):
        python.holes([Pin("a", "1")], NOBODY)
    if shutil.which("npm"):
        with pytest.raises(NoAdvice):
            npm.holes(CLIENTS, NOBODY)


def test_i10_what_is_accepted_has_a_reason_and_a_last_day() -> None:
    assert accepted.expired(accepted.read(), TODAY) == []
    with pytest.raises(ValueError, match="without a reason"):
        Accepted("GHSA-1", " ", TODAY)


def test_i10_what_was_accepted_counts_again_on_the_day_after() -> None:
    hole = Hole("a 1", frozenset({"GHSA-1", "CVE-1"}))
    borne = [Accepted("CVE-1", "not reachable", TODAY)]
    tomorrow = TODAY + timedelta(days=1)

    assert accepted.left([hole], borne, TODAY) == []
    assert accepted.left([hole], borne, tomorrow) == [hole]
    assert accepted.expired(borne, tomorrow) == ["CVE-1"]


def _advised(ask: Callable[[], T]) -> T:
    """Skips loudly where nobody can be asked, or fails where BANYAN_REQUIRE names audit."""
    try:
        return ask()
    except NoAdvice as why:
        if "audit" in Settings.read(os.environ).require.split(","):
            pytest.fail(f"not audited: {why}")
        pytest.skip(f"not audited: {why}")
