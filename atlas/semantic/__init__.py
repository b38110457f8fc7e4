"""The semantic layer: what tables, columns and figures mean, and typed queries over them."""
