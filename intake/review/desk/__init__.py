"""The review desk: one reviewer's case in a browser window of its own, on this machine alone.

It never tries the network, and what it opens lives in its memory until it is locked or closed.
"""
