"""What must hold before a claim is published: one question a file, asked in this order."""

from reviews.gates.base import Case as Case
from reviews.gates.base import Gate as Gate
from reviews.gates.base import case_of as case_of
from reviews.gates.captured import captured
from reviews.gates.finding_agreed import finding_agreed
from reviews.gates.four_eyes import four_eyes
from reviews.gates.markup import markup
from reviews.gates.reply import reply
from reviews.gates.sources import sources
from reviews.gates.supported import supported
from reviews.gates.verdict import verdict

# Before a verdict is settled only these two answer: the others could tell what a review says.
BLIND: tuple[Gate, ...] = (verdict, four_eyes)
OPEN: tuple[Gate, ...] = (finding_agreed, captured, supported, markup, sources, reply)
GATES: tuple[Gate, ...] = BLIND + OPEN
