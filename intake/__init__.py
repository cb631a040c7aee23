"""Takes testimony safely: sealed to reviewers' keys, kept as ciphertext, opened offline."""
