"""Subjects about nature: geography, biology, chemistry, physics."""

from legacy.monolith.sample.asks import multiple, number, order, single, text, written
from legacy.monolith.sample.subject import Subject

GEOGRAPHY = Subject(
    {
        "The Earth's crust": ["Plates that move", "Volcanoes", "Earthquakes", "Rocks and soils"],
        "Water": ["The water cycle", "Rivers and deltas", "Oceans and currents", "Groundwater"],
        "Climate": ["Weather and climate", "Monsoons", "Climate zones", "A warming planet"],
        "People and places": ["Where people live", "Cities", "Migration", "Borders"],
        "Maps": ["Scale", "Latitude and longitude", "Map projections", "Reading contour lines"],
    },
    [
        single(
            "Which is the longest river of Asia?", "Yangtze", "Mekong", "Ganges", "Yellow River"
        ),
        single(
            "Which layer of the Earth is liquid?", "Outer core", "Inner core", "Crust", "Mantle"
        ),
        multiple(
            "Which of these countries lie on the equator?",
            ["Indonesia", "Ecuador", "Kenya"],
            ["India", "Mexico"],
        ),
        number("A map's scale is 1:50,000. How many kilometres are 6 cm on it?", 3.0, 0.01),
        text(
            "What is the imaginary line at 0° longitude called?",
            "prime meridian",
            "the prime meridian",
            "Greenwich meridian",
        ),
        order(
            "Order these from the smallest to the largest area.",
            "Singapore",
            "Jamaica",
            "Nepal",
            "Kazakhstan",
        ),
        written("Explain in a few sentences why many large cities lie at the mouth of a river."),
    ],
)
BIOLOGY = Subject(
    {
        "Cells": ["What a cell is", "Membranes", "Mitochondria", "How cells divide"],
        "Genes": ["DNA and RNA", "From gene to protein", "Mendel's peas", "Mutations"],
        "The human body": ["The heart", "Breathing", "Digestion", "The immune system"],
        "Plants": ["Photosynthesis", "Roots and leaves", "Seeds", "Plants and drought"],
        "Ecosystems": ["Food webs", "Mangroves", "The carbon cycle", "Biodiversity"],
    },
    [
        single(
            "Where does photosynthesis happen in a plant cell?",
            "Chloroplast",
            "Nucleus",
            "Mitochondrion",
            "Ribosome",
        ),
        single(
            "Which blood cells carry oxygen?",
            "Red blood cells",
            "White blood cells",
            "Platelets",
            "Plasma cells",
        ),
        multiple(
            "Which bases are found in DNA?",
            ["Adenine", "Cytosine", "Guanine", "Thymine"],
            ["Uracil", "Lysine"],
        ),
        number("How many chromosomes are in a normal human body cell?", 46),
        text("What is the division of one body cell into two equal cells called?", "mitosis"),
        order(
            "Order these from the smallest to the largest.",
            "Organelle",
            "Cell",
            "Tissue",
            "Organ",
            "Organism",
        ),
        written(
            "A pond turns green after fertiliser is washed into it, and its fish die. "
            "Describe what happened."
        ),
    ],
)
CHEMISTRY = Subject(
    {
        "Matter": ["Atoms", "Elements and compounds", "States of matter", "Mixtures"],
        "The periodic table": ["Groups and periods", "Metals", "Halogens", "Noble gases"],
        "Bonds": ["Ionic bonds", "Covalent bonds", "Metallic bonds", "Shapes of molecules"],
        "Reactions": ["Balancing equations", "Acids and bases", "Oxidation", "Speed of reactions"],
        "Amounts": ["The mole", "Concentration", "Gases", "Yield"],
    },
    [
        single("Which element has the symbol K?", "Potassium", "Krypton", "Calcium", "Cobalt"),
        single("What is the pH of pure water at 25 °C?", "7", "0", "1", "14"),
        multiple(
            "Which of these are noble gases?", ["Helium", "Neon", "Argon"], ["Nitrogen", "Chlorine"]
        ),
        number("What is the mass of one mole of water, in grams?", 18.02, 0.05),
        text(
            "What is a substance called that speeds up a reaction without being used up?",
            "catalyst",
            "a catalyst",
        ),
        order(
            "Order these by atomic number, lowest first.",
            "Hydrogen",
            "Carbon",
            "Oxygen",
            "Sodium",
            "Iron",
        ),
        written("Why does salt water boil at a higher temperature than pure water?"),
    ],
)
PHYSICS = Subject(
    {
        "Motion": ["Speed and velocity", "Acceleration", "Free fall", "Motion in a circle"],
        "Forces": ["Newton's laws", "Friction", "Weight and mass", "Springs"],
        "Energy": ["Work", "Kinetic energy", "Conservation", "Power"],
        "Waves": ["Sound", "Light", "Refraction", "Interference"],
        "Electricity": ["Charge and current", "Ohm's law", "Circuits", "Magnets and motors"],
    },
    [
        single("What is the unit of force?", "Newton", "Joule", "Watt", "Pascal"),
        single(
            "What stays the same when light passes from air into water?",
            "Its frequency",
            "Its speed",
            "Its wavelength",
            "Its direction",
        ),
        multiple(
            "Which of these are vectors?",
            ["Velocity", "Force", "Acceleration"],
            ["Mass", "Temperature"],
        ),
        number("A stone falls freely for 2 s. How fast is it, in m/s? (g = 9.8 m/s²)", 19.6, 0.1),
        text(
            "Which law says that voltage is current times resistance?",
            "Ohm's law",
            "Ohms law",
            "Ohm",
        ),
        order(
            "Order these waves from the longest to the shortest wavelength.",
            "Radio",
            "Infrared",
            "Visible light",
            "Ultraviolet",
            "X-rays",
        ),
        written("A lift accelerates upwards. Explain why a person in it feels heavier."),
    ],
)
