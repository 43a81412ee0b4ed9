"""What the old side is known to do otherwise, step by step; a list says what is accepted."""

from enum import StrEnum


class Rule(StrEnum):
    """One step of the reckoning that can be taken the old way."""

    ROUNDED_ITEMS = "rounded_items"
    """Points are rounded to one decimal item by item, and once more in all."""
    FLOAT_DISTANCE = "float_distance"
    """A number's distance from the right one is a float's, on the wrong side of the tolerance."""
    EARLIER_DEFINITION = "earlier_definition"
    """It was scored by what was asked, or right, before; nothing was scored again."""
    LATE_TAKEN = "late_taken"
    """What came after the end was taken, and marked late."""
    WALL_CLOCK = "wall_clock"
    """Spans were reckoned on the wall clock, also in the night in which it is moved."""
    NEVER_CLOSED = "never_closed"
    """What nobody handed in stays open, without a score."""
    ANY_ANSWER = "any_answer"
    """Answers of a form that the item does not take were kept, and judged."""
    NO_PROVISIONAL = "no_provisional"
    """What waits for a human has no score."""
    WITHHELD_MARKS = "withheld_marks"
    """A course's result came of marks, too, that the archive does not have."""
    PART_TO_PASS = "part_to_pass"
    """Whoever failed a part that must be passed by itself failed the course."""
    UNSCORED = "unscored"
    """Where nothing was answered nothing was scored."""
