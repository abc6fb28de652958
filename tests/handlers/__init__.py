"""The road, step by step: receiving, working, sending, sweeping."""
