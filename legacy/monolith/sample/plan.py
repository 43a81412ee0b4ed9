"""The tenants of the sample: how large each is, and what is taught there."""

from dataclasses import dataclass

from legacy.monolith.sample import nature, numbers, society
from legacy.monolith.sample.subject import Subject

OPERATOR, TEACHER, PROCTOR, DEMO_LEARNER = 1, 2, 3, 4

TEACHES_AT_MOST = 20
"""Courses of the first teacher, and of the demo learner."""


@dataclass(frozen=True, slots=True)
class Plan:
    tenant: str
    name: str
    timezone: str
    learners: int
    courses: list[tuple[str, str, Subject]]
    """Code, title, subject."""

    @property
    def second_teacher(self) -> int:
        """Teaches what is too much for the first; comes behind the last learner."""
        return DEMO_LEARNER + self.learners

    def teacher_of(self, course: int) -> int:
        return TEACHER if course <= TEACHES_AT_MOST else self.second_teacher


MINISTRY = Plan(
    "ministry",
    "Ministry of Education",
    "Asia/Jakarta",
    1_500,
    [
        ("GEO-101", "The Living Earth", nature.GEOGRAPHY),
        ("BIO-101", "Cells and Life", nature.BIOLOGY),
        ("STA-101", "Statistics for Everyone", numbers.STATISTICS),
        ("HIS-101", "A History of the World", society.HISTORY),
        ("CHE-101", "Foundations of Chemistry", nature.CHEMISTRY),
        ("PHY-101", "Forces and Motion", nature.PHYSICS),
        ("MAT-101", "Algebra and Functions", numbers.MATHEMATICS),
        ("PRO-101", "First Steps in Programming", numbers.PROGRAMMING),
        ("ECO-101", "Economics of Daily Life", society.ECONOMICS),
        ("HEA-101", "Health and First Aid", society.HEALTH),
        ("GEO-201", "Islands, Oceans and Monsoons", nature.GEOGRAPHY),
        ("BIO-201", "Ecology of the Tropics", nature.BIOLOGY),
        ("STA-201", "Samples and Surveys", numbers.STATISTICS),
        ("HIS-201", "Trade across the Indian Ocean", society.HISTORY),
        ("CHE-201", "Reactions and Amounts", nature.CHEMISTRY),
        ("PHY-201", "Energy and Waves", nature.PHYSICS),
        ("MAT-201", "Geometry", numbers.MATHEMATICS),
        ("PRO-201", "Algorithms", numbers.PROGRAMMING),
        ("ECO-201", "Markets and the State", society.ECONOMICS),
        ("HEA-201", "Food and Nutrition", society.HEALTH),
        ("MAT-301", "Towards Calculus", numbers.MATHEMATICS),
        ("PHY-301", "Electricity", nature.PHYSICS),
        ("BIO-301", "Genes", nature.BIOLOGY),
        ("STA-301", "Data and Decisions", numbers.STATISTICS),
    ],
)
NORTHFIELD = Plan(
    "northfield",
    "Northfield College",
    "Europe/London",
    450,
    [
        ("NF-BIO1", "Human Biology", nature.BIOLOGY),
        ("NF-CHE1", "Chemistry for Nurses", nature.CHEMISTRY),
        ("NF-STA1", "Introduction to Statistics", numbers.STATISTICS),
        ("NF-HIS1", "Revolutions", society.HISTORY),
        ("NF-PHY1", "Physics by Experiment", nature.PHYSICS),
        ("NF-MAT1", "Mathematics Refresher", numbers.MATHEMATICS),
        ("NF-PRO1", "Python for Beginners", numbers.PROGRAMMING),
        ("NF-ECO1", "Understanding Markets", society.ECONOMICS),
        ("NF-GEO1", "Maps and Places", nature.GEOGRAPHY),
        ("NF-HEA1", "Public Health", society.HEALTH),
        ("NF-STA2", "Statistics with Real Data", numbers.STATISTICS),
        ("NF-PRO2", "Data Structures", numbers.PROGRAMMING),
    ],
)
ACME = Plan(
    "acme",
    "Acme Ltda.",
    "America/Sao_Paulo",
    50,
    [
        ("SAF-1", "Safety at Work", society.SAFETY),
        ("SAF-2", "Working with Machines", society.SAFETY),
        ("DAT-1", "Data Protection for Everyone", society.PRIVACY),
        ("HEA-1", "Staying Healthy at Work", society.HEALTH),
    ],
)
PLANS = [MINISTRY, NORTHFIELD, ACME]
