"""Who has it from whom: wordings, attributions, the graph and its number."""
