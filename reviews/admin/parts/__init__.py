"""The parts of the claim page, top to bottom as the work goes; each reads what it shows once."""
