"""The room that decides: what to say next and what a case may become, as pure functions."""
