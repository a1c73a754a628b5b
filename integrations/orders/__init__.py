"""The normalised order: its newest truth, the events as received, what a person corrected."""
