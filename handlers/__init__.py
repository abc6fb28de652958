"""The room that does: one file for each thing that can happen."""
