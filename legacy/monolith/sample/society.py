"""Subjects about people together: history, economics, health, safety at work, data protection."""

from legacy.monolith.sample.asks import multiple, number, order, single, text, written
from legacy.monolith.sample.subject import Subject

HISTORY = Subject(
    {
        "First cities": ["Sumer", "The Indus valley", "Egypt", "Early China"],
        "Empires": ["Rome", "The Maurya empire", "The Caliphates", "The Mongols"],
        "Trade": ["The Silk Road", "Spices", "Srivijaya", "The Atlantic trade"],
        "Revolutions": ["America", "France", "Haiti", "The steam engine"],
        "The last century": ["Two world wars", "Independence", "The Cold War", "A connected world"],
    },
    [
        single(
            "In which city was the Asian-African Conference of 1955 held?",
            "Bandung",
            "Jakarta",
            "New Delhi",
            "Cairo",
        ),
        single(
            "Who introduced movable metal type printing to Europe?",
            "Johannes Gutenberg",
            "Martin Luther",
            "Galileo Galilei",
            "Marco Polo",
        ),
        multiple(
            "Which goods were carried from Asia to Europe on the spice routes?",
            ["Cloves", "Nutmeg", "Pepper"],
            ["Potatoes", "Maize"],
        ),
        number("In which year did the Berlin Wall fall?", 1989),
        text(
            "Which ancient script of Egypt was read with the help of the Rosetta Stone?",
            "hieroglyphs",
            "hieroglyphics",
            "hieroglyphic",
        ),
        order(
            "Order these events, earliest first.",
            "Fall of Constantinople",
            "French Revolution",
            "Opening of the Suez Canal",
            "First Moon landing",
        ),
        written("Choose one invention and describe how it changed the lives of ordinary people."),
    ],
)
ECONOMICS = Subject(
    {
        "Choices": ["Scarcity", "Opportunity cost", "Incentives", "Trade-offs"],
        "Markets": ["Demand", "Supply", "Prices", "When markets fail"],
        "Money": ["What money is", "Inflation", "Banks", "Exchange rates"],
        "The state": ["Taxes", "Public goods", "Budgets", "Central banks"],
        "The world": ["Comparative advantage", "Tariffs", "Development", "Remittances"],
    },
    [
        single(
            "What happens to demand when a substitute becomes cheaper?",
            "It falls",
            "It rises",
            "It stays the same",
            "It becomes perfectly elastic",
        ),
        single(
            "What does GDP measure?",
            "The value of what a country produces in a period",
            "All wealth of a country",
            "The state's income",
            "Exports less imports",
        ),
        multiple(
            "Which of these are public goods?",
            ["Street lighting", "National defence"],
            ["A cinema seat", "Bread", "A mobile phone"],
        ),
        number("A price rises from 80 to 92. By how many per cent?", 15, 0.1),
        text("What is a lasting rise of the general price level called?", "inflation"),
        order(
            "Order these by how easily they turn into cash, easiest first.",
            "Banknotes",
            "Savings account",
            "Shares",
            "House",
        ),
        written("Who bears a tax on fuel: the seller or the buyer? Give a reason."),
    ],
)
HEALTH = Subject(
    {
        "First aid": ["Checking for danger", "Bleeding", "Burns", "Resuscitation"],
        "Food": ["Energy", "Proteins and fats", "Vitamins", "Reading a label"],
        "Infection": ["Bacteria and viruses", "Washing hands", "Vaccines", "Antibiotics"],
        "Mind": ["Sleep", "Stress", "Asking for help", "Habits"],
    },
    [
        single(
            "Which vitamin does the skin make in sunlight?",
            "Vitamin D",
            "Vitamin A",
            "Vitamin B12",
            "Vitamin C",
        ),
        single(
            "What should be done first with a small burn?",
            "Cool it with running water",
            "Put butter on it",
            "Cover it with wool",
            "Open the blisters",
        ),
        multiple(
            "Against which of these can antibiotics help?",
            ["Tuberculosis", "A wound infected by bacteria"],
            ["Influenza", "A common cold"],
        ),
        number("How many chest compressions come before two rescue breaths for an adult?", 30),
        text(
            "Which disease is caused by too little insulin or too weak an effect of it?",
            "diabetes",
            "diabetes mellitus",
        ),
        order(
            "Order what to do at an accident.",
            "Make sure that you are safe",
            "See whether the person responds",
            "Call for help",
            "Begin first aid",
        ),
        written("Plan one day of meals for an active teenager and give reasons."),
    ],
)
SAFETY = Subject(
    {
        "At the workplace": ["Seeing hazards", "Slips and falls", "Lifting", "Tidiness"],
        "Fire": ["The fire triangle", "Extinguishers", "Ways out", "The assembly point"],
        "Machines": ["Guards", "Locking out", "Protective equipment", "Noise"],
        "When it happens": ["Reporting", "Near misses", "First aid at work", "Learning from it"],
    },
    [
        single(
            "Which extinguisher suits a burning electrical cabinet?",
            "Carbon dioxide",
            "Water",
            "Foam",
            "Wet chemical",
        ),
        single(
            "What comes first in the hierarchy of controls?",
            "Removing the hazard",
            "Protective equipment",
            "Warning signs",
            "Training",
        ),
        multiple(
            "What makes up the fire triangle?", ["Heat", "Fuel", "Oxygen"], ["Smoke", "Nitrogen"]
        ),
        number(
            "Above how many dB(A) over a day must hearing protection be worn "
            "(European upper action value)?",
            85,
        ),
        text(
            "What is an event called that could have done harm but did not?",
            "near miss",
            "a near miss",
            "near-miss",
        ),
        order(
            "Order the steps of locking out a machine.",
            "Tell everyone concerned",
            "Switch it off",
            "Cut it from its energy",
            "Put on your lock",
            "Try to start it",
        ),
        written("Describe a hazard that you have seen at work and how to control it."),
    ],
)
PRIVACY = Subject(
    {
        "Personal data": [
            "What is personal",
            "Special categories",
            "Who is responsible",
            "Purpose",
        ],
        "Rights": ["Access", "Erasure", "Objection", "Portability"],
        "Security": ["Passwords", "Phishing", "Lost devices", "Encryption"],
        "Breaches": ["Noticing one", "The first hour", "Telling the authority", "Telling people"],
    },
    [
        single(
            "Which of these is personal data?",
            "A customer's e-mail address",
            "A company's turnover",
            "A product's price",
            "Rainfall in March",
        ),
        single(
            "What is the safest reaction to an unexpected attachment?",
            "Ask the sender through another channel",
            "Open it quickly",
            "Forward it",
            "Reply with your password",
        ),
        multiple(
            "Which are special categories under the GDPR?",
            ["Health data", "Religious belief", "Trade union membership"],
            ["Shoe size", "Postal address"],
        ),
        number("Within how many hours must a breach be reported under the GDPR?", 72),
        text(
            "What is an e-mail called that pretends to be from someone you trust?",
            "phishing",
            "phishing mail",
            "a phishing mail",
        ),
        order(
            "Order the steps after a laptop is lost.",
            "Report it at once",
            "Lock it remotely",
            "Find out which data was on it",
            "Decide whom to tell",
        ),
        written("A colleague asks you for a list of customers' birthdays. How do you decide?"),
    ],
)
