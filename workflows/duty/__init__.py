"""Who is on duty when, whom an urgent case calls, and what a shift inherits."""
