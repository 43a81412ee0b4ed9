"""What rivals are asked: two documents, and variables that differ from request to request."""

from typing import Any

import msgspec

DASHBOARD = """
query Dashboard($who: String!, $after: Int!, $take: Int!) {
  viewer(who: $who) {
    id name mail
    school { id name }
    courses(after: $after, take: $take) {
      id title code isOpen seats startsAt about
      progress { completed total ratio lastAt }
      teacher { id name mail room phone hours }
    }
  }
}
"""
"""175 leaves where it takes 10."""

PAGE = """
query Page($who: String!, $after: Int!, $take: Int!) {
  viewer(who: $who) {
    courses(after: $after, take: $take) {
      id title code isOpen seats startsAt
      progress { completed total ratio lastAt }
    }
  }
}
"""
LEAVES = 10
"""Of each course of a page."""
DIFFERENT = 500


def variables(number: int, take: int) -> dict[str, Any]:
    return {"who": f"viewer-{number % 100}", "after": number * 7 % 1_000, "take": take}


def bodies(document: str, take: int, different: int = DIFFERENT) -> list[bytes]:
    """JSON of so many requests, each with variables of its own."""
    return [
        msgspec.json.encode({"query": document, "variables": variables(number, take)})
        for number in range(different)
    ]


def leaves(answer: Any) -> int:
    if isinstance(answer, dict):
        return sum(map(leaves, answer.values()))
    return sum(map(leaves, answer)) if isinstance(answer, list) else 1
