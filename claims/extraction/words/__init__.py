"""What extraction asks of each language, as data: hedges, evaluations, predictions, verbs."""
