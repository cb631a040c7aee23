"""The files that leave a case for somebody outside: made from redacted values alone, tested before anybody signs."""
