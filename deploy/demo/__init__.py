"""The main job on one machine: keys, roster, site, three testimonies, collecting, redacting, export.

Every role works in its own folder and every command in its own process, as they would in earnest.
Its keys and its site are made for it and thrown away with it.
"""
