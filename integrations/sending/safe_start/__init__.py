"""Safe start: finds in Alegra what a database that went back to an older copy has forgotten."""
