"""Looks at a site from outside, as anyone can: it holds no key, and no part of the site uses it."""
