"""One step of the schema each, in the order of their numbers."""
