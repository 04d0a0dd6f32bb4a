"""Tells from a common noun what kind of source it names."""

from claims.provenance.attribution.words import Words

_LONGEST_NOUN = 3


def noun_classes(words: Words, first: int, core: int) -> set[str]:
    """The classes of the longest known noun that ends the phrase, of up to three words."""
    lex = words.lexicon
    if lex.head_first:
        return _first_noun(words, first, core)
    for length in range(min(_LONGEST_NOUN, core - first), 0, -1):
        start = core - length
        token = words.tokens[start]
        found = {
            name
            for form in lex.forms(token.low)
            for size, name in lex.nouns.at(words.tokens, start, form)
            if size == length
        }
        if length == 1:
            found |= lex.noun(token)
        if found - {"title", "inanimate", "audience", "headline_label", "withheld"}:
            return found
        if "inanimate" in found:
            return found
    return set()


def _first_noun(words: Words, first: int, core: int) -> set[str]:
    """The classes of the first known noun, where adjectives follow: "une source policière"."""
    lex = words.lexicon
    for start in range(first, core):
        hits = lex.nouns.at(words.tokens, start, words.tokens[start].low)
        fitting = [(size, name) for size, name in hits if start + size <= core and name != "title"]
        if not fitting and lex.noun(words.tokens[start]) - {"title"}:
            return lex.noun(words.tokens[start])
        if fitting:
            return {name for size, name in fitting if size == fitting[0][0]}
    return set()


def kind_of_noun(  # noqa: C901, PLR0911, PLR0912 - one line per kind reads best in one place
    classes: set[str],
    *,
    definite: bool,
    indefinite: bool,
    bare: bool,
    plural: bool,
    modifiers: set[str],
    several: bool,
    of_something: bool = False,
) -> tuple[str, bool]:
    if "spokesperson" in classes and (several or definite):
        return "organisation", True
    if "collective" in classes and not (definite and "organisation" in classes):
        return "collective", False
    if "outlet" in classes:
        if "organisation" in classes and definite:
            return "organisation", True
        return ("outlet", False) if definite else ("unnamed", False)
    if "public_document" in classes:
        return "document", True
    if "document" in classes:
        if "withheld" in modifiers or "private_document" in classes:
            return "document", False
        return "document", definite or indefinite or of_something or (
            bare and several and not plural
        )
    if "unnamed" in classes and "person" not in classes and "organisation" not in classes:
        return "unnamed", False
    if "organisation" in classes:
        return ("unnamed", False) if indefinite else ("organisation", True)
    if "person" in classes:
        return ("unnamed", False) if indefinite else ("person", True)
    if "story" in classes:
        return "document", False
    if definite and not plural:
        return "person", True
    return "unnamed", False
