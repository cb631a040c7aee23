"""Backups of a site, restoring one, handing it over and ending it. It opens no testimony."""
