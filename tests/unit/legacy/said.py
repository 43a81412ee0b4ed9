"""One of each thing as the monolith says it, in a tenant in Jakarta."""

ME = {"id": 4, "name": "Anna", "locale": "id", "roles": ["LEARNER"], "timezone": "Asia/Jakarta"}
LESSON = {"id": 2, "course": 1, "title": "Cells", "type": "TEXT", "done": False}
ASSESSMENT = {
    "id": 7,
    "course": 1,
    "title": "Quiz",
    "type": "QUIZ",
    "opens": None,
    "closes": "2026-03-02 00:00:00",
    "time_limit_min": 90,
    "grace_s": 30,
    "attempts_allowed": 2,
    "policy": "highest",
    "weight": 12.5,
}
QUESTION = {"id": "q1", "type": "text", "prompt": "?", "choices": [], "points": 1.0}
PAPER = ASSESSMENT | {"questions": [QUESTION], "now": "2026-03-01 22:00:00"}
ATTEMPT = {
    "id": "7-4-1",
    "assessment": 7,
    "course": 1,
    "user": 4,
    "number": 1,
    "state": "graded",
    "started": "2026-03-02 00:00:00",
    "saved": None,
    "submitted": "2026-03-02 01:00:00",
    "answers": {"q1": "Cells"},
    "score": 3.5,
    "max": 7.5,
    "late": True,
    "banked": False,
}
CLASS = {
    "id": 1,
    "course": 1,
    "title": "Live",
    "teacher": {"id": 2, "name": "Tess"},
    "starts": "2026-03-02 08:00:00",
    "ends": "2026-03-02 09:00:00",
}
