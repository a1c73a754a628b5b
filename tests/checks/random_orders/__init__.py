"""10,000 random orders from the event's body to the simulated Alegra's books: 20 minutes.

The orders and what must come of them are those of `tests/documents/random_orders/`.
"""
