"""The lists of names that are cut from open data: `python -m deploy.lexicons` writes them anew.

The same sources give the same bytes. Nothing here is installed, and nothing is fetched.
"""
