"""What leaves the desk for people and systems that asked to be told."""
