"""What reviewers did, act by act, in a log of their own machine that says nothing of any text."""
