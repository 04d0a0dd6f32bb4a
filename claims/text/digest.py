"""When two texts count as the same words: spelling of spaces, quotes and case aside."""

import hashlib

from claims.text.normalise import plain


def words_digest(text: str) -> str:
    """SHA-256, hex, of the words in their plain spelling, regardless of case."""
    return hashlib.sha256(plain(text).casefold().encode()).hexdigest()
