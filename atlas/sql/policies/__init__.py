"""Which rows and values of a table a person sees: row policies and masks, as pure rules."""
