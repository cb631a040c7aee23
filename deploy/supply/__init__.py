"""What the product is made of: its locks, its bill of materials, and wheels for a machine without a network."""
