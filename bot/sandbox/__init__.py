"""The sandbox: the far end of the wire, played locally; the real program runs without tokens."""
