"""The room that remembers: rows in, domain values out, one transaction at a time."""
