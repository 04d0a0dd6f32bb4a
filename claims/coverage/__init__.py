"""Who else wrote about it: asking providers, fetching what they name, keeping every loss."""
