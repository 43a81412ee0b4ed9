"""A flame graph shows what branches, each as wide as its share of the samples."""

import re

from bench.flame import WIDTH, Flames

STACKS = {"run;serve;gateway/a.py:read": 30, "run;serve;gateway/a.py:run;x.py:slow": 70}
BOX = re.compile(r'<title>(\S+): ([\d.]+)%</title><rect x="([\d.]+)" y="\d+" width="([\d.]+)"')


def test_each_is_as_wide_as_its_share_and_the_trunk_is_left_out() -> None:
    boxes = BOX.findall(Flames("Where it goes", STACKS).svg)

    shares = {name: float(share) for name, share, _, _ in boxes}
    assert shares == {
        "serve": 100.0,
        "gateway/a.py:read": 30.0,
        "gateway/a.py:run": 70.0,
        "x.py:slow": 70.0,
    }
    widths = [float(width) for name, _, _, width in boxes if name == "gateway/a.py:read"]
    assert abs(widths[0] - 0.3 * WIDTH) < 1
