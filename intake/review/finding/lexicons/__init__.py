"""Lists of names, and what looks words up in them. `SOURCES.md` says where each list is from."""
