"""What is drawn is sound SVG, on a scale of powers of ten."""

from xml.etree import ElementTree

import pytest

from bench.plot import LETTERS, Bar, Bars, Line, Lines, Scale, apart


def test_a_scale_goes_from_a_power_of_ten_to_another() -> None:
    scale = Scale.over([20.0, 3_000.0], 100.0, 400.0)

    assert scale.powers == [10.0, 100.0, 1_000.0, 10_000.0]
    assert [scale.at(power) for power in scale.powers] == pytest.approx([100, 200, 300, 400])


def test_a_scale_of_one_value_has_room_for_it() -> None:
    assert Scale.over([100.0], 0.0, 10.0).powers == [100.0, 1_000.0]


def test_bars_are_as_many_as_there_are_and_names_are_no_markup() -> None:
    drawn = ElementTree.fromstring(Bars("<b>", [Bar("a & b", 10.0), Bar("c", 250.0)]).svg)  # noqa: S314

    texts = [one.text for one in drawn.iter("{http://www.w3.org/2000/svg}text")]
    assert {"<b>", "a & b", "c", "250"} <= set(texts)
    assert len(list(drawn.iter("{http://www.w3.org/2000/svg}rect"))) == 3


def test_a_line_goes_through_all_its_points() -> None:
    drawn = ElementTree.fromstring(Lines("t", "x", [Line("a", [(10, 1.0), (100, 0.1)])]).svg)  # noqa: S314

    [line] = drawn.iter("{http://www.w3.org/2000/svg}polyline")
    assert len(line.attrib["points"].split()) == 2


def test_names_of_lines_that_end_at_one_height_stand_apart() -> None:
    assert apart([40.0, 100.0, 41.0]) == [40.0, 100.0, 40.0 + LETTERS]
