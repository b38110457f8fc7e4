"""The options of plugins: their form, how they are kept, and how new ones come into use."""
