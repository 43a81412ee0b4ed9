"""A stranger's CSV is read by what its mapping and its key say."""

import json
from pathlib import Path

import pytest

from services.assessment.replay.archive import BadArchive
from services.assessment.replay.crew import tallies
from services.assessment.replay.explained import Class, read_explained
from services.assessment.replay.mapping import BadMapping, read_mapping
from services.assessment.replay.opening import open_archive
from services.assessment.replay.tally import Tally

MAPPING = """
form = "responses"
source = "A test"
[columns]
learner = "who"
item = "what"
response = "said"
points = "got"
[items]
points = 2.0
options = ["1", "2", "3"]
"""
KEY = """item,right,kind,tolerance,options,points
one,2,,,,
many,1|3,MULTIPLE_CHOICE,,,
order,3|1|2,ORDERING,,,
number,0.7,NUMERIC,0.1,,
text,Yes|Of course,TEXT,,,1
"""
ROWS = """who,what,said,got
a,one,2,2
b,one,1,0
a,many,1|3,2
b,many,1|2,0
a,order,3|2|1,0.6667
a,number,0.8,2
b,number,seven,0
a,text,"of course ",1
b,text,,0
"""


def replayed(folder: Path, rows: str = ROWS, key: str = KEY, mapping: str = MAPPING) -> Tally:
    for name, text in {"rows.csv": rows, "key.csv": key, "mapping.toml": mapping}.items():
        (folder / name).write_text(text)
    source = open_archive(folder / "rows.csv", str(folder / "mapping.toml"), folder / "key.csv")
    whole = Tally()
    for _, tally in tallies(source, read_explained(), source.blocks(), 1):
        whole.add(tally)
    return whole


def test_all_five_kinds_are_scored_from_a_csv(tmp_path: Path) -> None:
    tally = replayed(tmp_path)

    assert tally.classes == {Class.EXACT: 9}
    assert set(tally.kinds) == {
        "SINGLE_CHOICE",
        "MULTIPLE_CHOICE",
        "ORDERING",
        "NUMERIC",
        "TEXT",
    }


def test_a_response_that_was_scored_wrongly_is_found_by_its_line(tmp_path: Path) -> None:
    tally = replayed(tmp_path, ROWS.replace("b,one,1,0", "b,one,1,2"))

    (example,) = tally.examples["unexplained: score"]
    assert (example.line, example.learner, example.by) == (3, "b", 2.0)


def test_nothing_answered_and_nothing_scored_is_a_missing_response(tmp_path: Path) -> None:
    tally = replayed(tmp_path, ROWS.replace("b,text,,0", "b,text,,"))

    assert tally.classes == {Class.EXACT: 8, Class.MISSING_RESPONSE: 1}


@pytest.mark.parametrize(
    ("was", "becomes", "said"),
    [
        ("a,one,2,2", "a,one", "Line 2 has 2 columns only"),
        ("a,one,2,2", "a,none,2,2", "Line 2: the key has no item 'none'"),
        ("a,one,2,2", "a,one,2,two", "Line 2: could not convert"),
        ("who,what", "whom,what", "has no column who"),
    ],
)
def test_a_row_that_cannot_be_read_is_refused(
    tmp_path: Path, was: str, becomes: str, said: str
) -> None:
    with pytest.raises(BadArchive, match=said):
        replayed(tmp_path, ROWS.replace(was, becomes))


@pytest.mark.parametrize(
    ("was", "becomes", "said"),
    [
        ("one,2,", "one,2|3,", "Item one has 2 right answers"),
        ("one,2,", "one,9,", "9 is not among its options"),
        ("NUMERIC", "NUMBER", "Invalid enum value 'NUMBER'"),
    ],
)
def test_a_key_that_is_wrong_is_refused(tmp_path: Path, was: str, becomes: str, said: str) -> None:
    with pytest.raises(BadMapping, match=said):
        replayed(tmp_path, key=KEY.replace(was, becomes))


def test_a_mapping_says_what_was_recorded_once(tmp_path: Path) -> None:
    with pytest.raises(BadMapping, match="`correct`"):
        replayed(tmp_path, mapping=MAPPING.replace('points = "got"', ""))
    with pytest.raises(BadMapping, match="unknown field `colums`"):
        replayed(tmp_path, mapping=MAPPING.replace("[columns]", "[colums]"))


def test_the_mapping_that_comes_along_can_be_named() -> None:
    assert read_mapping("credential").columns.learner == "examinee"


def test_a_key_in_json_says_one_answer_several_or_all_about_it(tmp_path: Path) -> None:
    said = {"1": 2, "2": ["1"], "3": {"right": "x", "kind": "TEXT", "points": 3}}
    (tmp_path / "key.json").write_text(json.dumps(said))
    (tmp_path / "rows.csv").write_text("who,what,said,got\na,1,2,2\na,2,1,2\na,3,X,3\n")
    (tmp_path / "mapping.toml").write_text('key = "key.json"\n' + MAPPING)

    source = open_archive(tmp_path / "rows.csv", str(tmp_path / "mapping.toml"), None)

    found = [tally for _, tally in tallies(source, read_explained(), source.blocks(), 1)]
    assert found[0].classes == {Class.EXACT: 3}
