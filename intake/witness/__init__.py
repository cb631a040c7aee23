"""A small witness for a partner organisation: it cosigns logs that grow and never go back.

It sees a log's name, size and root, and nothing else; it holds no key of a site or a reviewer.
"""
