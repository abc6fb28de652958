"""The far end of Zalo: an Official Account, its people and groups, spoken over the real wire."""
