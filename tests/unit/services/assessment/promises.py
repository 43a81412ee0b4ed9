"""What holds of each attempt after every step, whatever the step was."""

from services.contracts.assessment import Attempt, AttemptState, Score
from tests.unit.services.assessment.ledger import FINISHED, OPEN, Line

S = AttemptState
ENDED = (*FINISHED, S.ABANDONED, S.INVALIDATED)
BEGUN = (*OPEN, *ENDED)


def _edges(sources: tuple[S, ...], targets: tuple[S, ...]) -> set[tuple[S, S]]:
    return {(one, other) for one in sources for other in targets}


HANDED_IN = _edges(OPEN, FINISHED)
HANDED_IN_AGAIN = _edges((*FINISHED, S.ABANDONED), FINISHED)
EDGES: dict[str, set[tuple[S, S]]] = {
    "save": _edges(FINISHED, FINISHED),
    "submit": HANDED_IN | HANDED_IN_AGAIN,
    "grade": _edges(FINISHED, FINISHED),
    "grant": {(S.OVERDUE, S.IN_PROGRESS)},
    "void": _edges(BEGUN, (S.INVALIDATED,)),
    "reopen": _edges(ENDED, (S.IN_PROGRESS,)),
    "sweep": HANDED_IN
    | _edges(OPEN, (S.ABANDONED,))
    | {(S.IN_PROGRESS, S.OVERDUE), (S.PENDING_REVIEW, S.GRADED)},
}
"""The states that a step may change into which: all others are forbidden."""


def hold(step: str, line: Line, now: Attempt) -> None:
    """Of the attempt as it is told after a step; `line.seen` is how it was told before."""
    _moves_on(step, line.seen, now)
    before, line.seen = line.seen, now
    assert now.answers == sorted(now.answers, key=lambda one: _place(line, one.item_id))
    assert _answers(now) == {
        one.item_id: (one.sequence, one.response) for one in line.known.values()
    }
    if now.state in OPEN:
        _is_open(line, now)
    elif now.state in FINISHED:
        _is_finished(line, now)
    elif now.state is S.ABANDONED:
        assert now.score is None
        assert now.receipt is None
    elif before.state in ENDED:
        assert (now.score, now.receipt) == (before.score, before.receipt)


def _moves_on(step: str, before: Attempt, now: Attempt) -> None:
    edge = (before.state, now.state)
    assert before.state is now.state or edge in EDGES.get(step, ()), f"{step}: {edge}"
    assert now.version >= before.version
    is_same = now.state is before.state and now.answers == before.answers
    is_same = is_same and now.score == before.score and now.receipt == before.receipt
    assert is_same or now.version > before.version
    if before.state in OPEN and now.state in OPEN:
        _steals_no_time(before, now)


def _steals_no_time(before: Attempt, now: Attempt) -> None:
    assert before.window is not None
    assert now.window is not None
    ended, ends = before.window.ends_at, now.window.ends_at
    assert (ended is None) == (ends is None)
    assert ended is None or ends is None or ends >= ended


def _answers(now: Attempt) -> dict[str, tuple[int, object]]:
    return {one.item_id: (one.sequence, one.response) for one in now.answers}


def _place(line: Line, item: str) -> int:
    return [one.id for one in line.definition.items].index(item)


def _is_open(line: Line, now: Attempt) -> None:
    assert now.window is not None
    assert now.window.ends_at == line.end(now.window.server_now)
    assert (now.score, now.receipt, now.submitted_at) == (None, None, None)
    assert all(answer.points is None for answer in now.answers)


def _is_finished(line: Line, now: Attempt) -> None:
    found = line.score()
    points = {answer.item_id: answer.points for answer in now.answers}
    assert points == {item: found.points[item] for item in points}
    assert all(points.get(item, given) == given for item, given in line.manual.items())
    assert (now.state is S.PENDING_REVIEW) == bool(found.waiting)
    assert now.score is not None
    assert (now.score.raw, now.score.max) == (found.raw, found.max)
    _is_fair(line, now.score)
    assert now.score.provisional is bool(found.waiting)
    assert now.receipt is not None
    assert now.receipt.hash == line.proof()
    assert now.receipt.accepted_at == now.submitted_at == line.handed_in_at
    assert now.receipt.of == len(line.definition.items)


def _is_fair(line: Line, score: Score) -> None:
    assert 0 <= score.raw <= score.max
    assert 0 <= score.penalty <= score.raw
    assert abs(score.penalty - min(score.raw, score.max * line.percent_off / 100)) < 1e-4
