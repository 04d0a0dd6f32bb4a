"""The sample desk's data: constructed, marked, reproducible, and true to the seed article."""
