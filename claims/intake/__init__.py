"""How things come onto the desk: articles handed in, claims written, taken or marked."""
