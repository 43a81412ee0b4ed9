"""Whatever keeps the system from starting is told in one sentence, without a traceback."""

import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from services.kit.ports import port_of
from tests.integration.deploy.conftest import Start
from tests.integration.deploy.left import belonging_to
from tests.stack import START_WITHIN_S, begin, environ, free_base

Refuse = Callable[..., str]


@pytest.fixture
def refuse(home: Path, procfile: Callable[[str], Path]) -> Refuse:
    """Starts what cannot start; gives what was said."""

    def refuse(kind: str = "", base: int | None = None, within_s: float = 60, **more: str) -> str:
        output = home.with_name("output")
        options = ("--procfile", str(procfile(kind)), "--ready-within", str(within_s))
        process = begin({**environ(home, base or free_base()), **more}, output, options)
        code = process.wait(START_WITHIN_S)
        said = output.read_text()
        assert code == 1, said
        assert "Traceback" not in said
        assert belonging_to(home) == []
        return said

    return refuse


@pytest.mark.parametrize("role", ["gateway", "progress", "valkey"])
@pytest.mark.parametrize("address", ["127.0.0.1", ""])
def test_a_taken_port_is_told_with_ports_to_use_instead(
    refuse: Refuse, role: str, address: str
) -> None:
    base = free_base()
    with socket.create_server((address, port_of(role, base))):
        said = refuse(base=base)

    assert said == (
        f"Error: Port {port_of(role, base)} ({role}) is taken: "
        f"set BANYAN_PORT={base + 100} to use other ports.\n"
    )


def test_a_second_system_in_the_same_folder_is_refused(start: Start) -> None:
    running = start()
    output = running.home.with_name("second")

    second = begin(environ(running.home, free_base()), output)

    assert second.wait(START_WITHIN_S) == 1
    assert output.read_text() == (
        f"Error: Banyan already runs from {running.home} (process {running.process.pid}).\n"
    )


def test_a_folder_that_cannot_be_written_to_is_told(refuse: Refuse, tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    said = refuse(BANYAN_HOME=str(tmp_path / "file" / "home"))

    assert said == (
        f"Error: The state folder {tmp_path}/file/home cannot be written to (Not a directory): "
        "set BANYAN_HOME to a folder of yours.\n"
    )


def test_an_unknown_setting_is_told_with_the_one_that_was_meant(refuse: Refuse) -> None:
    said = refuse(BANYAN_WORKER="3")

    assert said == "Error: Unknown setting BANYAN_WORKER. Did you mean BANYAN_WORKERS?\n"


def test_a_process_that_never_answers_is_told_with_the_end_of_its_log(refuse: Refuse) -> None:
    said = refuse("silent", within_s=2)

    assert "Error: gateway.1 did not become ready: it took over 2 s" in said
    assert "    a silent stand-in begins" in said


def test_a_process_that_dies_again_and_again_is_not_waited_for(refuse: Refuse) -> None:
    said = refuse("mortal")

    assert "Error: gateway.1 did not become ready: it died 3 times" in said
    assert "    it was not meant to live" in said


def test_data_of_another_postgresql_are_left_alone(
    refuse: Refuse, start: Start, home: Path
) -> None:
    start().stop()
    (home / "postgres" / "data" / "PG_VERSION").write_text("17\n")

    said = refuse()

    assert "data was written by PostgreSQL 17, this is 18" in said
    assert (home / "postgres" / "data" / "PG_VERSION").read_text() == "17\n"


def test_a_lost_password_is_told(refuse: Refuse, start: Start, home: Path) -> None:
    start().stop()
    (home / "keys" / "postgres").unlink()

    said = refuse()

    assert f"Error: {home}/keys/postgres, the password of" in said
    assert (home / "postgres" / "data" / "PG_VERSION").exists()


@pytest.mark.parametrize("setting", ["DATABASE_URL", "REDIS_URL"])
def test_a_server_named_by_its_address_that_does_not_answer_is_told(
    refuse: Refuse, setting: str
) -> None:
    scheme = "postgresql" if setting == "DATABASE_URL" else "redis"
    port = free_base()

    said = refuse(within_s=1, **{setting: f"{scheme}://someone:hidden@127.0.0.1:{port}/0"})

    assert f"Error: {setting}: nobody answers as agreed at 127.0.0.1:{port}" in said
    assert "hidden" not in said
