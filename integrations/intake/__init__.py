"""How orders come in: the event receiver, the periodic pull, an order by its number; and what
happens next: interpreting, re-reading, issuing, and letting past orders go.
"""
