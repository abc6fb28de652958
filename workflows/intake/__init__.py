"""Intake: what an operator takes down for somebody who called, came or wrote a letter."""
