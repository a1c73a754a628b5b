"""The facts: each order in its newest truth, every delivery as received, what people corrected.

Deliveries arrive twice, late and in any order; recording them is a merge whose result does not
depend on that. The room knows nothing of documents nor of stock.
"""
