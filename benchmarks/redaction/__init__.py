"""What the proposals for redaction reach, and on which texts that is measured."""
