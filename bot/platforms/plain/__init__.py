"""A platform that knows nothing but text: no buttons, no edits, no positions, no replies."""
