"""Earlier claims near a claim."""
