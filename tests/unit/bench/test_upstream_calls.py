"""The calls of a page are made again in the order in which one could wait for another."""

from bench.upstream_calls import Made, stages


def made(name: str, began_s: float, ended_s: float) -> Made:
    return Made("progress", "POST", name, {}, None, began_s, ended_s)


def test_what_began_behind_anothers_end_is_in_a_later_stage() -> None:
    calls = [made("me", 0, 1), made("b", 2, 5), made("a", 1.5, 3), made("last", 4, 6)]

    assert [[call.url for call in stage] for stage in stages(calls)] == [
        ["me"],
        ["a", "b"],
        ["last"],
    ]


def test_what_is_under_way_together_is_one_stage() -> None:
    assert len(stages([made("a", 0, 2), made("b", 1, 3)])) == 1
