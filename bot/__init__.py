"""The room that talks: platforms, web, jobs, words, settings and commands."""
