"""Acts on many works that a person chose: planned, frozen by ids, worked off, stopped."""
