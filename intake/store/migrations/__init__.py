"""Alembic's steps from each version of the store to the next; how they are run is in versions.py.

A step says what a table was then: it never takes its columns from tables.py, which goes on.
"""
