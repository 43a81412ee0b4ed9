"""Subjects about numbers: mathematics, statistics, programming."""

from legacy.monolith.sample.asks import multiple, number, order, single, text, written
from legacy.monolith.sample.subject import Subject

MATHEMATICS = Subject(
    {
        "Equations": ["Balancing both sides", "Two unknowns", "Quadratics", "Inequalities"],
        "Functions": ["Domain and range", "Straight lines", "Parabolas", "Exponentials"],
        "Geometry": ["Angles", "Triangles", "Circles", "Area and volume"],
        "Number": ["Fractions", "Primes", "Powers", "Irrational numbers"],
        "Change": ["Slope", "Limits", "Derivatives", "Areas under curves"],
    },
    [
        single("Which of these numbers is irrational?", "√2", "0.75", "22/7", "√9"),
        single("What is the slope of the line 2y = 6x + 4?", "3", "6", "2", "4"),
        multiple("Which of these numbers are prime?", ["2", "29", "53"], ["51", "91"]),
        number("Solve for x: 3x - 7 = 11.", 6),
        text(
            "What is the longest side of a right triangle called?", "hypotenuse", "the hypotenuse"
        ),
        order("Order these from the smallest to the largest.", "2/5", "0.5", "5/8", "0.7", "3/4"),
        written("Show why the angles of a triangle add up to 180 degrees."),
    ],
)
STATISTICS = Subject(
    {
        "Describing data": ["Mean and median", "Spread", "Histograms", "Outliers"],
        "Chance": ["Events", "Conditional probability", "Bayes' rule", "Expected value"],
        "Distributions": ["Binomial", "Normal", "Sampling distributions", "The z-score"],
        "Samples": ["Random samples", "Bias", "Confidence intervals", "How large a sample"],
        "Relations": ["Scatter plots", "Correlation", "Regression", "Correlation is no cause"],
    },
    [
        single(
            "Which is least moved by one extreme value?",
            "The median",
            "The mean",
            "The range",
            "The standard deviation",
        ),
        single("Two fair coins are thrown. How likely are two heads?", "1/4", "1/2", "1/3", "3/4"),
        multiple(
            "Which of these measure spread?",
            ["Variance", "Interquartile range", "Standard deviation"],
            ["Median", "Mode"],
        ),
        number("What is the mean of 4, 8, 15, 16, 23 and 42?", 18),
        text("What is the middle value of sorted data called?", "median", "the median"),
        order(
            "Order the steps of a survey.",
            "State the question",
            "Draw a sample",
            "Collect answers",
            "Analyse the data",
            "Report the result",
        ),
        written(
            "Ice cream sales and drownings rise together. What may be concluded, and what not?"
        ),
    ],
)
PROGRAMMING = Subject(
    {
        "First programs": ["Values and names", "Text", "Decisions", "Loops"],
        "Functions": ["Parameters", "Return values", "Scope", "Recursion"],
        "Collections": ["Lists", "Dictionaries", "Sets", "Sorting"],
        "Good habits": ["Names", "Testing", "Reading errors", "Version control"],
        "Algorithms": ["Searching", "Counting steps", "Trees", "Shortest paths"],
    },
    [
        single("What does len([3, 1, 2]) give in Python?", "3", "2", "6", "[1, 2, 3]"),
        single(
            "Which structure gives back last what was put in first?",
            "Stack",
            "Queue",
            "Set",
            "Dictionary",
        ),
        multiple(
            "Which of these Python values are immutable?", ["tuple", "str", "int"], ["list", "dict"]
        ),
        number(
            "How many comparisons does binary search need at most in 1,024 sorted items "
            "to leave one?",
            10,
            1,
        ),
        text("Which keyword begins a function in Python?", "def"),
        order(
            "Order these by growth, slowest first.",
            "log n",
            "n",
            "n log n",
            "n squared",
            "2 to the n",
        ),
        written("Describe how you would find a bug that shows up once in a hundred runs."),
    ],
)
