"""Our own pages: an agency's page of one case, and the map to point at a place. They know no wiring: it knows them."""
