"""News that nobody wrote, and what becomes of it elsewhere: copies of seven kinds, by a seed.

The words are ours, the towns and people invented. Sentences are drawn from patterns whose parts
vary, with the stock phrases that any two reports share, so that strangers overlap as real ones
do: a little.
"""

import random
from collections.abc import Callable

PEOPLE = (
    "Ivo Lund|Kim Aro|Pat Quill|Ane Holt|Pål Rise|Lea Finn|Ed Moss|Tove Brandt|Samir Okafor|"
    "Greta Vance|Milo Darrow|Hanne Sørby|Udo Pell|Rania Costa|Jonas Thorne|Mirela Stanic|"
    "Oskar Venn|Dalia Hark|Petra Lindqvist|Noor Ashby|Callum Reyes|Ines Marrow|Tariq Bell"
).split("|")
ROLES = (
    "mayor|surveyor|union secretary|inspector|vet|fire officer|clerk|hospital director|"
    "line manager|minister|gardener|engineer|museum keeper|harbour master|teacher|baker|"
    "coroner|pilot|archivist|treasurer|conductor|ranger|librarian|magistrate|nurse|carpenter"
).split("|")
PLACES = (
    "Vessany|Orrel|Marlby|Dunmere|Halver|Coldharbour|Pinehollow|Westmere|Ashgrove|Brindle|"
    "Southgate|Tidewater|Fennmark|Upland|Corran|Easternquay|Plainsward|Lanternpost|Oldmill"
).split("|")
THINGS = (
    "ramp|depot|store|pool|archive|cable car|mast|pump|school|market|signal box|reading room|"
    "pier|gate|garage|ward|tower|dairy|yard|workshop|ferry|salt pan|footbridge|greenhouse|"
    "station|road|reservoir|lock|printer|kiln|lease|ledger|budget|petition|permit|timetable|"
    "survey|contract|valve|bolt|beam|cellar|roof|stairway|orchard|quarry|mill|chapel|kitchen|"
    "tunnel|crane|lorry|boiler|canal|meadow|fence|lamp|clock|organ|statue|fountain|laundry|"
    "bakery|forge|barge|jetty|dyke|sluice|turbine|lift|platform|carriage|engine|furnace|attic"
).split("|")
ACTS = (
    "closed|reopened|flooded|inspected|repaired|sold|surveyed|emptied|extended|repainted|"
    "abandoned|rented|searched|blocked|measured|insured|mapped|cleared|rewired|condemned|moved|"
    "widened|drained|weighed|relit|unlocked|sealed|patched|dismantled|bought|photographed|"
    "ordered|counted|questioned|delayed|mended|renamed|fenced|lifted|lowered|tested|painted|"
    "borrowed|returned|hidden|found|lost|shared|split|joined|guarded|cooled|heated|shortened"
).split("|")
ADJECTIVES = (
    "old|narrow|costly|rusted|half-built|popular|quiet|disputed|leaking|wooden|listed|steep|"
    "crowded|temporary|forgotten|municipal|windy|private|unlit|new|slippery|famous|locked|cold|"
    "northern|southern|upper|lower|empty|heavy|broken|spare|borrowed|damp|bright|crooked|tall|"
    "plain|round|hollow|dusty|frozen|smoky|second|third|last|only|main|back|front|missing"
).split("|")
TIMES = (
    "on Monday|on Tuesday|on Friday|before dawn|at noon|since October|last week|that night|"
    "in March|in June|by Sunday|again|twice|for hours|within days|in autumn|after dark|at once"
).split("|")
JOINTS = (
    "because|after|before|while|although|since|until|where|as|unless|so that|even though|"
    "and|but|whereas|once|whenever|if"
).split("|")
LINKS = "near|behind|below|beside|over|with|without|against|for|from|inside|along|under".split("|")
REMARKS = (
    "We will not wait for another winter|Nobody asked the people who use it|"
    "The figures speak for themselves|It should have been done ten years ago|"
    "I have never seen anything like it|The money is there and the plan is ready|"
    "There was no danger to anybody at any time|We found the cracks ourselves and said so|"
    "This is a matter for the courts|The children can walk the long way round until June|"
    "Every rivet is being looked at as we speak|That is simply what the instruments show|"
    "A bridge does not care who is in office|My father built it and my son will see it fall|"
    "You cannot run a town on promises and paint|The sea has more patience than any council"
).split("|")

Change = Callable[[str, random.Random], str]


def dice(seed: int) -> random.Random:
    """Random numbers that are the same in every run."""
    return random.Random(seed)  # noqa: S311


def article(seed: int, *, sentences: int = 22) -> str:
    """One report of about 400 words, in paragraphs; another one for each seed."""
    roll = dice(seed)
    made = [_sentence(roll) for _ in range(sentences)]
    cut = range(0, len(made), 3)
    return "\n".join(" ".join(made[n : n + 3]) for n in cut)


def _sentence(roll: random.Random) -> str:
    line = " ".join((_clause(roll), roll.choice(JOINTS), _clause(roll)))
    if roll.random() < 0.3:
        line = f"{_clause(roll)}, {roll.choice(JOINTS)} {line}"
    return f"{line[0].upper()}{line[1:]}."


def _clause(roll: random.Random) -> str:
    def one(of: list[str]) -> str:
        return roll.choice(of)

    def thing() -> str:
        return f"{roll.choice(['the', 'the', 'a', 'one', 'its'])} {one(ADJECTIVES)} {one(THINGS)}"

    return roll.choice(
        (
            lambda: f"{thing()} was {one(ACTS)} {one(LINKS)} {thing()} {one(TIMES)}",
            lambda: f"{one(PEOPLE)} {one(ACTS)} {thing()} {one(LINKS)} {one(PLACES)}",
            lambda: f"according to the {one(ROLES)}, {thing()} had been {one(ACTS)} {one(TIMES)}",
            lambda: f"{one(ROLES)} {one(PEOPLE)} said {one(TIMES)} that {thing()} was {one(ACTS)}",
            lambda: f"{roll.randrange(2, 900)} {one(THINGS)}s {one(LINKS)} {thing()} {one(ACTS)}",
            lambda: f"in {one(PLACES)} {thing()} {one(ACTS)} {thing()}",
            lambda: f"{one(TIMES)} the {one(ROLES)} {one(ACTS)} {thing()} {one(LINKS)} {thing()}",
        )
    )()


def sentences_of(text: str) -> list[str]:
    """The sentences of a generated article."""
    return [f"{part.strip().rstrip('.')}." for part in text.replace("\n", " ").split(". ")]


def whole(text: str, roll: random.Random) -> str:
    """The same text under another headline, with a line of credit."""
    return f"{_sentence(roll)}\n{text}\n(wire)"


def first_part(text: str, roll: random.Random) -> str:
    """The first 40 per cent of its words."""
    words = text.split()
    return " ".join(words[: len(words) * 2 // 5]) + roll.choice([" …", " [more]"])


def extract(text: str, roll: random.Random) -> str:
    """A third of its sentences, in order."""
    found = sentences_of(text)
    kept = sorted(roll.sample(range(len(found)), len(found) // 3))
    return " ".join(found[n] for n in kept)


def reordered(text: str, roll: random.Random) -> str:
    """Half of its sentences, in another order."""
    found = sentences_of(text)
    return " ".join(roll.sample(found, len(found) // 2))


def embedded(text: str, roll: random.Random) -> str:
    """Half of it in a row, inside a longer piece on something else."""
    found = sentences_of(text)
    start = roll.randrange(len(found) // 2)
    around = sentences_of(article(roll.randrange(10**6, 10**7), sentences=len(found)))
    half = len(around) // 2
    return " ".join(around[:half] + found[start : start + len(found) // 2] + around[half:])


def edited(share: float) -> Change:
    """With that share of its words replaced, one by one."""

    def edit(text: str, roll: random.Random) -> str:
        pool = " ".join((*THINGS, *ADJECTIVES, *ACTS, *ROLES, *LINKS)).split()
        words = text.split()
        for place in roll.sample(range(len(words)), round(len(words) * share)):
            words[place] = roll.choice([word for word in pool if word != words[place]])
        return " ".join(words)

    return edit


COPIES: dict[str, Change] = {
    "whole": whole,
    "first 40 %": first_part,
    "extract": extract,
    "half, reordered": reordered,
    "half, embedded": embedded,
    "15 % edited": edited(0.15),
    "35 % edited": edited(0.35),
}


def boilerplate(site: int) -> str:
    """Some eighty words that one site prints under everything."""
    return " ".join(_sentence(dice(9_000_000 + site * 100 + n)) for n in range(5))


def quotation(seed: int) -> str:
    """Three sentences that somebody said to several reporters."""
    roll = dice(8_000_000 + seed)
    return f"“{'. '.join(roll.sample(REMARKS, 3))}.”"


def at_the_press_conference(seed: int, spoken: str) -> str:
    """An own report of about 150 words that gives the words of somebody else in full."""
    before = article(seed, sentences=5)
    after = article(seed + 1, sentences=4)
    return f"{before}\n{spoken}\n{after}"
