"""Migrations: one line of numbered steps, each with its way back."""
