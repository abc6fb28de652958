"""Servers that come inside Python packages, started and stopped by us: no installation, no port."""
