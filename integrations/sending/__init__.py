"""How anything is written to Alegra exactly once: turns, claims, the gate, steps and attempts,
look-ups after a lost answer, problems and the causes that group them.
"""
