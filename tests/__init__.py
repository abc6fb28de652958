"""Tests, mirroring the rooms file for file."""
