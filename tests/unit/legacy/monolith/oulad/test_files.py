"""OULAD's files are found under each of their names; a broken one is told in one sentence."""

import gzip
from pathlib import Path

import pytest

from legacy.monolith.oulad.data import read
from legacy.monolith.oulad.files import BadFile
from tests.unit.legacy.monolith.oulad.tiny import data, folder, untracked


def test_published_names_are_read(tmp_path: Path) -> None:
    assert len(data(tmp_path).works) == 3


def test_packed_files_under_our_names_are_read(tmp_path: Path) -> None:
    folder(tmp_path)
    plain = tmp_path / "studentAssessment.csv"
    packed = tmp_path / "oulad_student_assessment.csv.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    plain.unlink()

    assert len(read(tmp_path, untracked).works) == 3


def test_a_missing_file_is_told_in_one_sentence(tmp_path: Path) -> None:
    folder(tmp_path)
    (tmp_path / "vle.csv").unlink()

    with pytest.raises(BadFile, match=r"has none of oulad_vle\.csv\.gz, oulad_vle\.csv, vle\.csv"):
        read(tmp_path, untracked)


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    folder(tmp_path)
    (tmp_path / "courses.csv").write_text("code_module,code_presentation\n")

    with pytest.raises(BadFile, match=r"courses\.csv has no column module_presentation_length"):
        read(tmp_path, untracked)


@pytest.mark.parametrize("cut", [5, 40])
def test_a_packed_file_that_is_cut_short_cannot_be_read(tmp_path: Path, cut: int) -> None:
    folder(tmp_path)
    packed = gzip.compress((tmp_path / "vle.csv").read_bytes())
    (tmp_path / "oulad_vle.csv.gz").write_bytes(packed[:cut])

    with pytest.raises(BadFile, match="cannot be read"):
        read(tmp_path, untracked)


def test_text_that_is_not_utf_8_cannot_be_read(tmp_path: Path) -> None:
    folder(tmp_path)
    (tmp_path / "courses.csv").write_bytes(b"code_module\xff\n")

    with pytest.raises(BadFile, match=r"courses\.csv cannot be read"):
        read(tmp_path, untracked)
