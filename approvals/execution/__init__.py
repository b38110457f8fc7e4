"""How an approved request is carried out, and what became of it."""
