"""The built-in analyst: questions in plain words to typed queries, with rules alone."""
