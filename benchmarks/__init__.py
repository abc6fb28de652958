"""Speed and memory, each against a limit that is measured in the same run."""
