"""The chat platforms: one folder each, the same file names in each, built by ``registry``."""
