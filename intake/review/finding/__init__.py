"""What in a text may give a person away: proposed here, decided by a reviewer."""
