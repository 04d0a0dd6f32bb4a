"""Pure work on words: normalising, sentences, language, comparing."""
