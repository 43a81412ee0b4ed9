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

ROOM_IN_ONE_ROW = Quirk(
    "ROOM_IN_ONE_ROW",
    "Who is in a class and whose hand is up is JSON in the class's one row; each poll of each of "
    "them locks that row until its page is rendered, writes all of it back and is told of all.",
    "A class is as fast as one poll after the other; a big one takes all workers, and what is told "
    "grows with the square of who is there. The service gives learners rows of their own.",
)
PRESENT_IS_WHO_POLLS = Quirk(
    "PRESENT_IS_WHO_POLLS",
    "Whoever has polled within 30 seconds is there; there are no rooms beside the class, no "
    "signals and no word on quality, and a class that nobody ends stays open.",
    "A read changes who is there, and who is slow comes and goes; the adapter polls for each who "
    "listens, and refuses what was never there.",
)

NO_SEQUENCES = Quirk(
    "NO_SEQUENCES",
    "Neither answers nor attempts are counted: whichever save comes last stands, however old.",
    "An autosave that was under way for long overwrites a newer answer; the adapter says 0 of "
    "every answer's sequence and of every attempt's version, and cannot help.",
)
LATE_IS_TAKEN = Quirk(
    "LATE_IS_TAKEN",
    "What is saved or handed in after the end is taken for good, and only marked late.",
    "The end of an exam is no end; the adapter tells when it was, and refuses nothing by itself.",
)
NOTHING_CLOSES_BY_ITSELF = Quirk(
    "NOTHING_CLOSES_BY_ITSELF",
    "An attempt that nobody hands in stays in progress for ever.",
    "Whoever lost their connection has no score, and uses up an attempt; staff find out by asking.",
)
NO_REVIEW_STATE = Quirk(
    "NO_REVIEW_STATE",
    "What waits for a human is called submitted and has no score at all, and so it stays.",
    "Nobody can grade it there; the adapter calls it PENDING_REVIEW, which is all it can mean.",
)
UNKNOWN_ANSWERS_DROPPED = Quirk(
    "UNKNOWN_ANSWERS_DROPPED",
    "An answer to no question of the assessment is dropped without a word, with status 200.",
    "A learner believes it saved; the adapter reads the questions first and refuses it, and looks "
    "for every answer in what comes back.",
)
ANY_ANSWER_IS_KEPT = Quirk(
    "ANY_ANSWER_IS_KEPT",
    "An answer of any form is kept, and is worth nothing.",
    "The adapter refuses what does not fit the question, and does not tell what it cannot read.",
)
BANKED_COUNTS = Quirk(
    "BANKED_COUNTS",
    "An attempt carried over from an earlier presentation uses up one of those allowed.",
    "Who comes back for another year may have none left; it can be told by `banked` alone.",
)
NO_STAFF_COMMANDS = Quirk(
    "NO_STAFF_COMMANDS",
    "Nothing can be paused, voided, reopened, graded by hand, regraded or given more time.",
    "The adapter says READ_ONLY; an attempt that must be helped has to be begun on the other side.",
)
NO_PREVIEWS = Quirk(
    "NO_PREVIEWS",
    "Only learners of a course start: those who teach it get 403.",
    "Teachers cannot try what they wrote; the adapter says that it is not there for them.",
)
PROCTORS_SEE_NOTHING = Quirk(
    "PROCTORS_SEE_NOTHING",
    "A proctor who is not enrolled in a course is shown nothing of it.",
    "Attempts are watched by those who teach and by operators, or on the other side.",
)
NO_KEY_SHOWN = Quirk(
    "NO_KEY_SHOWN",
    "Neither the right answers nor the points of an item are shown to anybody, only the total.",
    "The adapter tells no points of answers and no right ones, not even to those who teach.",
)
NO_GRADEBOOK = Quirk(
    "NO_GRADEBOOK",
    "No page tells what somebody has in a course; attempts are told one assessment at a time, and "
    "others' only by reading everybody's.",
    "The adapter puts one's own score together, two calls an assessment, and tells no one else's.",
)
NO_RECEIPTS = Quirk(
    "NO_RECEIPTS",
    "No proof of a submit is given or kept.",
    "The adapter makes one of what is kept each time: it is the same as long as nobody edits the "
    "questions, and proves only what the platform says today.",
)
NO_OLD_DEFINITIONS = Quirk(
    "NO_OLD_DEFINITIONS",
    "A question that is edited is another one at once, also in attempts under way, and what was "
    "scored before is not scored again.",
    "The adapter reads the questions each time, and has no words for answers to those that went.",
)
WHOLE_SECONDS = Quirk(
    "WHOLE_SECONDS",
    "Its clock has whole seconds, the rest is cut off.",
    "Whoever hands in within the second after the end is in time.",
)
WALL_CLOCK_LIMITS = Quirk(
    "WALL_CLOCK_LIMITS",
    "Time limits are reckoned on the tenant's wall clock.",
    "In the night in which it is moved an attempt lasts an hour more or less; the adapter reckons "
    "likewise, so that the end it tells is the one that counts.",
)
CONFLICTS_IN_PROSE = Quirk(
    "CONFLICTS_IN_PROSE",
    "Why something cannot be done now is told by a 409 and a sentence, and by nothing else.",
    "The adapter knows the sentences; a new one is told as misbehaviour and not guessed.",
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
    ROOM_IN_ONE_ROW,
    PRESENT_IS_WHO_POLLS,
    NO_SEQUENCES,
    LATE_IS_TAKEN,
    NOTHING_CLOSES_BY_ITSELF,
    NO_REVIEW_STATE,
    UNKNOWN_ANSWERS_DROPPED,
    ANY_ANSWER_IS_KEPT,
    BANKED_COUNTS,
    NO_STAFF_COMMANDS,
    NO_PREVIEWS,
    PROCTORS_SEE_NOTHING,
    NO_KEY_SHOWN,
    NO_GRADEBOOK,
    NO_RECEIPTS,
    NO_OLD_DEFINITIONS,
    WHOLE_SECONDS,
    WALL_CLOCK_LIMITS,
    CONFLICTS_IN_PROSE,
)
