"""The models and word lists that finding ships. `NOTICE` says where each is from."""
