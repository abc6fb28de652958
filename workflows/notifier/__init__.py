"""The notifier: when a notice goes out, through which channel, with what else, or why it cannot."""
