"""What is said in a live class: each mutation has one field, and is refused as all of them are."""

TAKEN = "__typename ... on Refused { code message retryable retryAfterMs }"
JOIN = f"""mutation ($class: ID!, $key: ID!) {{
  done: joinLiveClass(input: {{ classId: $class, key: $key }}) {{ {TAKEN}
    ... on JoinTicket {{ waitMs participant {{ id }} }} }} }}"""
OPEN = f"""mutation ($class: ID!, $count: Int!, $minutes: Int!, $key: ID!) {{
  done: openBreakouts(input: {{ classId: $class, count: $count, minutes: $minutes, key: $key }}) {{
    {TAKEN} }} }}"""
MOVE = f"""mutation ($class: ID!, $who: ID!, $room: ID, $key: ID!) {{
  done: moveToBreakout(input: {{
    classId: $class, participantId: $who, breakoutId: $room, key: $key }}) {{ {TAKEN} }} }}"""
SEND = f"""mutation ($class: ID!, $to: ID!, $payload: String!, $key: ID!) {{
  done: sendSignal(input: {{
    classId: $class, to: $to, kind: CANDIDATE, payload: $payload, key: $key }}) {{ {TAKEN} }} }}"""
CLASSROOM = """subscription ($class: ID!) { classroom(classId: $class) { __typename
  ... on PresenceChanged { present } ... on HandsChanged { hands { participantId } } } }"""
SIGNALS = """subscription ($class: ID!) { signals(classId: $class) { __typename
  ... on Signal { payload } ... on Gap { dropped } } }"""
PRESENT = "query ($class: ID!) { done: liveClass(id: $class) { present } }"


def deed(name: str) -> str:
    """A mutation that takes the class alone, such as `raiseHand`."""
    return f"""mutation ($class: ID!, $key: ID!) {{
  done: {name}(input: {{ classId: $class, key: $key }}) {{ {TAKEN} }} }}"""


START, RAISE, LOWER = deed("startLiveClass"), deed("raiseHand"), deed("lowerHand")
