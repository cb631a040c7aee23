"""What `make bench` measures, side by side with other tools in one run."""
