"""The names of what readers listen to: who progressed in a course, and a course's outline."""


def progress_topic(tenant: str, course: int, user: int) -> str:
    return f"progress:{tenant}:{course}:{user}"


def course_topic(tenant: str, course: int) -> str:
    return f"course:{tenant}:{course}"
