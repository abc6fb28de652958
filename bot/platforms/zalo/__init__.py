"""Zalo, by its Official Account: the client, the tokens, and the platform on top of them."""
