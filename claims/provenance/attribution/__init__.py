"""Reads a text for attributions: who says so, on whose word, and where the text says it."""

from claims.provenance.attribution.measure import to_measure
from claims.provenance.attribution.reader import VERSION, read

__all__ = ["VERSION", "read", "to_measure"]
