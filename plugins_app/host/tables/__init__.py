"""Plugin tables: how they are declared, made and reached."""
