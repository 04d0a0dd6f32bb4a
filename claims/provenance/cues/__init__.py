"""What each language says when it names a source: one data file per language, no rules."""
