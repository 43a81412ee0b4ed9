"""B2: settings that cannot be meant stop the start at once, and are named."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from gateway import main
from gateway.build import Gateway
from services.kit.settings import Settings
from tests.faults.registry import n
from tests.figures import Recorder

BAD: dict[str, dict[str, str]] = {
    # Unknown.
    "BANYAN_PROT": {"BANYAN_PROT": "8000"},
    "BANYAN_COLOUR": {"BANYAN_COLOUR": "red"},
    "BANYAN_DRAIN": {"BANYAN_DRAIN": "20"},
    # Malformed.
    "BANYAN_PORT": {"BANYAN_PORT": "eighty"},
    "BANYAN_PROFILE": {"BANYAN_PROFILE": "prod"},
    "BANYAN_FULL_N": {"BANYAN_FULL_N": "maybe"},
    "BANYAN_EXECUTOR": {"BANYAN_EXECUTOR": "fast"},
    "BANYAN_LOG_LEVEL": {"BANYAN_LOG_LEVEL": "loud"},
    "BANYAN_LEGACY_URL": {"BANYAN_LEGACY_URL": "monolith:8001"},
    "BANYAN_ORIGINS": {"BANYAN_ORIGINS": "*"},
    "BANYAN_TENANT_WEIGHTS": {"BANYAN_TENANT_WEIGHTS": "acme:4"},
    "BANYAN_DOCUMENTS": {"BANYAN_DOCUMENTS": "/nowhere/documents.json"},
    "BANYAN_JWKS_FILE": {"BANYAN_JWKS_FILE": "/nowhere/keys.json"},
    # In another unit.
    "BANYAN_REQUEST_BUDGET_MS": {"BANYAN_REQUEST_BUDGET_MS": "2s"},
    "BANYAN_UPSTREAM_BUDGET_MS": {"BANYAN_UPSTREAM_BUDGET_MS": "1"},
    "BANYAN_DRAIN_S": {"BANYAN_DRAIN_S": "20000"},
    "BANYAN_MONOLITH_SESSION_S": {"BANYAN_MONOLITH_SESSION_S": "20min"},
    "BANYAN_CACHE_MB": {"BANYAN_CACHE_MB": "64MB"},
    "BANYAN_TRACE_PERCENT": {"BANYAN_TRACE_PERCENT": "1000"},
    "BANYAN_VIEWER_RATE": {"BANYAN_VIEWER_RATE": "nan"},
    # At odds with another, or with what it needs.
    "BANYAN_UPSTREAM_BUDGET_MS (2000)": {"BANYAN_UPSTREAM_BUDGET_MS": "2000"},
    "BANYAN_JWKS_URL": {"BANYAN_JWKS_FILE": "a.json", "BANYAN_JWKS_URL": "http://a"},
    "BANYAN_JWKS_FILE is needed": {"BANYAN_PROFILE": "production"},
    "BANYAN_TRUSTED=only": {"BANYAN_TRUSTED": "only"},
    "BANYAN_UNLEASH_TOKEN": {"BANYAN_UNLEASH_URL": "http://flags/api"},
}


def run(home: Path, module: str, said: str = "", **more: str) -> "subprocess.CompletedProcess[str]":
    ours = {name: text for name, text in os.environ.items() if not name.startswith("BANYAN_")}
    return subprocess.run(
        [sys.executable, "-m", module],
        env={**ours, "BANYAN_HOME": str(home), **more},
        input=said,
        capture_output=True,
        text=True,
        check=False,
    )


def test_b2_each_bad_setting_stops_the_start_and_is_named(tmp_path: Path, figure: Recorder) -> None:
    done = run(tmp_path, "tests.faults.starting", json.dumps(list(BAD.values())))
    ends = [json.loads(line) for line in done.stdout.splitlines()]
    said = dict(zip(BAD, ends, strict=True))

    wrong = {name: end for name, end in said.items() if end[0] != 1 or name not in end[1]}
    figure("B2", refused_and_named=len(said) - len(wrong), of=len(said))
    assert wrong == {}
    assert len(said) >= n("B2")
    # A sentence is the last that each says, and no way through our code.
    assert {words.splitlines()[-1].partition(":")[0] for _, words in ends} == {"banyan"}


def test_b2_an_operator_sees_the_sentence_and_the_code(tmp_path: Path) -> None:
    done = run(tmp_path, "gateway.main", BANYAN_UPSTREAM_BUDGET_MS="2s")

    assert done.returncode == 1
    assert done.stderr == "banyan: BANYAN_UPSTREAM_BUDGET_MS='2s' is not a whole number.\n"


class Started(Exception):
    """It was not refused."""


def test_b2_fails_without_the_checks(
    tmp_path: Path, figure: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def begin(settings: Settings, redis_url: str) -> Gateway:
        raise Started

    monkeypatch.setattr(Settings, "checked", lambda self: self)
    monkeypatch.setattr(main, "build", begin)
    monkeypatch.setattr(main, "start_logging", lambda level: None)

    count = sum(starts(environ, monkeypatch) for environ in BAD.values())

    figure("B2", started_without_checks=count)
    assert count >= 10


def starts(environ: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> bool:
    with monkeypatch.context() as patch:
        for name, text in environ.items():
            patch.setenv(name, text)
        try:
            main.main()
        except SystemExit:
            return False
        except Started:
            return True
    raise AssertionError("it neither started nor ended")
