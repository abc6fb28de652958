"""Whole journeys, from a citizen's chat to an agency's group and back, on the real program."""
