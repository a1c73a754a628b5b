"""Safe start: what a database that went back to an older copy has forgotten is found in Alegra."""
