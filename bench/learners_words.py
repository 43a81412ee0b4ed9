"""What a learner says at a socket, and how what they hear is read."""

import msgspec

OWN, ALL, IN = "own", "all", "in"
REFUSED = "Refused"
UPDATES = "subscription ($id: ID!) { progressUpdated(courseId: $id) { completed total ratio } }"
COMPLETE = """mutation ($lesson: ID!, $key: ID!) {
  done: completeLesson(input: { lessonId: $lesson, key: $key }) { __typename
    ... on LessonCompleted { token } ... on Refused { code retryable retryAfterMs } } }"""
PONG = b'{"type":"pong"}'
AWAY = {"UPSTREAM_TIMEOUT", "UPSTREAM_UNAVAILABLE"}
UNKNOWN = "INTERNAL"


class Message(msgspec.Struct):
    """Of graphql-transport-ws."""

    type: str
    id: str = ""
    payload: msgspec.Raw = msgspec.Raw()


class Refused(msgspec.Struct, frozen=True):
    """Where there is no `pause_s` it will not be taken however often it is sent."""

    code: str
    pause_s: float | None = None


class _Extensions(msgspec.Struct):
    code: str = UNKNOWN
    retryAfterMs: int | None = None  # noqa: N815 -- as it is spelled there


class _Error(msgspec.Struct):
    extensions: _Extensions = msgspec.field(default_factory=_Extensions)

    @property
    def refused(self) -> Refused:
        return _refused(self.extensions.code, self.extensions.retryAfterMs)


class _Own(msgspec.Struct):
    completed: int


class _OwnData(msgspec.Struct):
    progressUpdated: _Own  # noqa: N815


class _OwnPayload(msgspec.Struct):
    data: _OwnData | None = None


class _Done(msgspec.Struct):
    typename: str = msgspec.field(name="__typename")
    code: str = UNKNOWN
    retryAfterMs: int | None = None  # noqa: N815
    retryable: bool = False


class _Data(msgspec.Struct):
    done: _Done


class _Answer(msgspec.Struct):
    data: _Data | None = None
    errors: list[_Error] = []


_errors = msgspec.json.Decoder(list[_Error]).decode
_own = msgspec.json.Decoder(_OwnPayload).decode
_answer = msgspec.json.Decoder(_Answer).decode
message_of = msgspec.json.Decoder(Message).decode


def completed_in(payload: msgspec.Raw) -> int | None:
    """Of one's own event; None where it is an error."""
    data = _own(payload).data
    return None if data is None else data.progressUpdated.completed


def refusal_in(payload: msgspec.Raw) -> Refused | None:
    """Of the answer to a mutation; None where it is done."""
    answer = _answer(payload)
    if answer.data is None:
        return next((one.refused for one in answer.errors), Refused(UNKNOWN))
    said = answer.data.done
    if said.typename != REFUSED:
        return None
    return _refused(said.code, said.retryAfterMs, is_retryable=said.retryable)


def refusal_of(payload: msgspec.Raw) -> Refused:
    """Of an operation that was not executed."""
    return next((one.refused for one in _errors(payload)), Refused(UNKNOWN))


def _refused(code: str, after_ms: int | None, *, is_retryable: bool = False) -> Refused:
    if after_ms is not None:
        return Refused(code, after_ms / 1000)
    return Refused(code, 1.0 if is_retryable or code in AWAY else None)
