"""A journey's exam, and what its learner and teacher say to the gateway."""

from typing import Any

ATTEMPT = """id number state version preview startedAt savedAt submittedAt
  window { opensAt closesAt endsAt extraTime serverNow }
  answers { itemId sequence choices text number points }
  score { raw max scaled penalty late provisional }
  receipt { hash acceptedAt answered of }"""
RESULT = f"""{{ __typename
  ... on AttemptAccepted {{ duplicate token attempt {{ {ATTEMPT} }} }}
  ... on AttemptConflict {{ code current {{ {ATTEMPT} }} }}
  ... on Refused {{ code message }} }}"""

START = f"""mutation ($assessment: ID!, $key: ID!) {{
  startAttempt(input: {{ assessmentId: $assessment, key: $key }}) {RESULT} }}"""
SAVE = f"""mutation ($attempt: ID!, $answers: [AnswerInput!]!, $key: ID!) {{
  saveAnswers(input: {{ attemptId: $attempt, answers: $answers, key: $key }}) {RESULT} }}"""
SUBMIT = f"""mutation ($attempt: ID!, $key: ID!) {{
  submitAttempt(input: {{ attemptId: $attempt, key: $key }}) {RESULT} }}"""
GRANT = """mutation ($assessment: ID!, $learner: ID!, $key: ID!) { grantTime(input: {
  assessmentId: $assessment, learnerIds: [$learner], extra: "PT10M", reason: "dyslexia", key: $key
}) { __typename ... on TimeGranted { learnerIds } ... on Refused { code message } } }"""
LOOK = f"query ($attempt: ID!) {{ attempt(id: $attempt) {{ {ATTEMPT} assessment {{ title }} }} }}"
MINE = f"""query ($assessment: ID!) {{ assessment(id: $assessment) {{ score {{ raw max }}
  attempts {{ totalCount edges {{ node {{ {ATTEMPT} }} }} }} }} }}"""
UPDATES = """subscription ($attempt: ID!) { attemptUpdated(attemptId: $attempt) {
  state window { endsAt } } }"""

FIRST_DEVICE: list[dict[str, Any]] = [
    {"itemId": "q1", "sequence": 1, "response": {"choices": ["a"]}},
    {"itemId": "q2", "sequence": 1, "response": {"choices": ["a", "b"]}},
    {"itemId": "q3", "sequence": 1, "response": {"number": 3.14}},
]
SECOND_DEVICE: list[dict[str, Any]] = [
    {"itemId": "q4", "sequence": 1, "response": {"text": " MITOSIS "}},
    {"itemId": "q5", "sequence": 1, "response": {"choices": ["a", "b", "d", "c"]}},
]
POINTS = 1.0 + 2.0 + 1.5 + 1.0 + 1.0
"""What these are worth: of q2 two of three choices, of q5 two of four places."""
