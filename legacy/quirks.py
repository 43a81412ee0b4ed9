"""The old platform's sins by name: what each does, and what it costs who stands before it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Quirk:
    name: str
    does: str
    costs: str


ATTEMPTS_IN_CONTENT = Quirk(
    "ATTEMPTS_IN_CONTENT",
    "Attempts live as JSON in the row of the assessment, and each write of one locks that row and "
    "its course's until the page is rendered, reads everybody's and writes them all back.",
    "Learners of one course write one after another, so an exam's burst waits in line and takes "
    "all workers with it.",
)
PROGRESS_BY_SCAN = Quirk(
    "PROGRESS_BY_SCAN",
    "Progress counts everyone's completed lessons of the course and then picks one learner's.",
    "One asking costs as much as the course has learners.",
)
NO_BATCH = Quirk(
    "NO_BATCH",
    "Everything is asked for one by one; there is no URL that takes several ids.",
    "A page with twenty courses is twenty calls; the adapter makes them side by side.",
)
LOGIN_PAGE_WITH_200 = Quirk(
    "LOGIN_PAGE_WITH_200",
    "A request without a living session gets the login page, with status 200.",
    "Success cannot be told by the status; the adapter looks at the media type, signs in again "
    "once for however many callers, and asks again.",
)
LOCAL_TIMES = Quirk(
    "LOCAL_TIMES",
    "Times are the tenant's wall clock without its zone, kept and said so.",
    "They mean nothing without the tenant, and one hour a year happens twice; the adapter "
    "turns them into instants with the tenant's zone.",
)
FLOAT_SCORES = Quirk(
    "FLOAT_SCORES",
    "Points are floats, rounded half to even to one decimal item by item, and once more in all.",
    "Thirds do not add up and 0.25 becomes 0.2, so a decimal scorer differs by up to half a "
    "tenth an item.",
)
IDS_COLLIDE = Quirk(
    "IDS_COLLIDE",
    "Ids are whole numbers that every tenant counts from 1.",
    "User 4 is somebody else in each tenant; no id leaves the adapter without its tenant.",
)
SMALL_POOL = Quirk(
    "SMALL_POOL",
    "A handful of workers serve everybody, and a request keeps its worker for all its time.",
    "A few slow requests stop all others, whichever tenant they are of; calls are limited "
    "before they get here, and have a deadline.",
)
EXISTENCE_LEAKS = Quirk(
    "EXISTENCE_LEAKS",
    "What is another's answers 403 and what is not there 404, so that ids can be probed.",
    "The adapter says the same of both.",
)
NO_KEYS = Quirk(
    "NO_KEYS",
    "There are no idempotency keys: completing, renaming and handing in may be repeated by nature, "
    "starting after a submit may not.",
    "A write whose answer was lost cannot simply be sent again; the adapter repeats only what is "
    "idempotent by nature.",
)

QUIRKS = (
    ATTEMPTS_IN_CONTENT,
    PROGRESS_BY_SCAN,
    NO_BATCH,
    LOGIN_PAGE_WITH_200,
    LOCAL_TIMES,
    FLOAT_SCORES,
    IDS_COLLIDE,
    SMALL_POOL,
    EXISTENCE_LEAKS,
    NO_KEYS,
)
