"""A folder in a public place is used only when nobody else could have put something in it."""

from pathlib import Path

import pytest

from services.storage.public_folder import Untrusted, copy_readable, of_home, trusted


def test_each_state_folder_has_a_folder_of_its_own() -> None:
    first, second = of_home(Path("/a/.banyan")), of_home(Path("/b/.banyan"))

    assert first != second
    assert of_home(Path("/a/.banyan")) == first


def test_a_new_folder_can_be_entered_but_not_listed_by_others(tmp_path: Path) -> None:
    folder = trusted(tmp_path / "new")

    assert folder.stat().st_mode & 0o777 == 0o711


def test_a_folder_of_ours_is_used_again(tmp_path: Path) -> None:
    folder = trusted(tmp_path / "ours")

    assert trusted(folder) == folder


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")

    with pytest.raises(Untrusted, match="was not made by Banyan"):
        trusted(tmp_path / "link")


def test_a_folder_that_others_may_write_in_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "open").mkdir()
    (tmp_path / "open").chmod(0o777)

    with pytest.raises(Untrusted):
        trusted(tmp_path / "open")


def test_a_file_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(Untrusted):
        trusted(tmp_path / "file")


def test_what_is_copied_can_be_read_and_run_by_everybody(tmp_path: Path) -> None:
    source = tmp_path / "pack"
    (source / "bin").mkdir(parents=True, mode=0o700)
    (source / "bin" / "run").touch(mode=0o700)
    (source / "data").touch(mode=0o600)

    copy_readable([source], tmp_path / "copy")

    modes = {
        str(path.relative_to(tmp_path / "copy")): path.stat().st_mode & 0o777
        for path in (tmp_path / "copy").rglob("*")
    }
    assert modes == {"pack": 0o755, "pack/bin": 0o755, "pack/bin/run": 0o755, "pack/data": 0o644}
