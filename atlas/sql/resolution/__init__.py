"""Which table and column each name in a query means, by the engine's own rules of scope."""
