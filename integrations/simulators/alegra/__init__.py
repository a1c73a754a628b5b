"""The simulated Alegra: its API for Colombia, the rules it enforces, and pages to look at it."""
