"""How much of what gives a person away is found, on texts that others marked and on our own."""
