"""Storm mode: what citizens are told while many report the same, and which of their reports become one."""
