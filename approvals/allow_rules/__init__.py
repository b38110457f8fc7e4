"""Allow rules: what an admin lets pass in advance, with its editor, list and dry run."""
