"""An open-loop load generator for the form, and the figures that are measured with it.

Whoever arrives does not wait for those before: arrivals are drawn before the run, and each one's time
is counted from when it was to arrive. A server that stalls cannot hide that by being asked less.
"""
