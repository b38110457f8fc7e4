"""The demo: a generated trading company, its semantic layer, its people and its outbox."""
