"""What fails many calls is sent fewer, in proportion, and all of them when it is well again."""

from gateway.upstream.throttle import AT_LEAST_EVERY_S, HEALED, LEAST, SPAN_S, Throttle


def told(good: int, bad: int, dice: float = 1e-6) -> Throttle:
    """It was last sent one at 0."""
    throttle = Throttle(lambda: dice)
    for nth in range(good + bad):
        throttle.note(0.0, is_good=nth >= bad)
    return throttle


def test_the_chance_is_that_of_the_book() -> None:
    throttle = Throttle(lambda: 1.0)
    for nth in range(100):
        throttle.note(0.0, is_good=nth % 5 == 0)

    assert throttle.kept_back == (100 - 2 * 20) / 101


def test_an_upstream_that_answers_half_is_sent_all() -> None:
    assert told(good=50, bad=50).lets_through(0.1)


def test_one_that_fails_all_is_sent_nearly_none() -> None:
    throttle = told(good=0, bad=50)

    sent = sum(throttle.lets_through(0.1) for _ in range(1_000))

    assert sent == 0


def test_some_failures_teach_nothing() -> None:
    assert told(good=0, bad=LEAST - 1).lets_through(0.1)


def test_one_is_sent_now_and_then() -> None:
    throttle = told(good=0, bad=50)

    at = [throttle.lets_through(AT_LEAST_EVERY_S * nth / 10) for nth in range(1, 31)]

    assert sum(at) == 3


def test_what_was_kept_back_is_forgotten_too() -> None:
    throttle = told(good=0, bad=50)
    throttle.lets_through(0.1)

    assert throttle.lets_through(SPAN_S + 0.1)
    throttle.note(SPAN_S + 0.2, is_good=False)
    assert throttle.kept_back == 0.0


def test_some_in_a_row_that_went_well_heal_it() -> None:
    throttle = told(good=0, bad=500)
    before = throttle.kept_back
    for _ in range(HEALED):
        throttle.note(1.0, is_good=True)

    assert before > 0.9
    assert throttle.kept_back == 0.0
    assert throttle.lets_through(1.1)
