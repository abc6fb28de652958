"""Zalo Bot, the light surface: text and photos in, text out; no positions, no buttons, no edits (zalo.md, 7)."""
