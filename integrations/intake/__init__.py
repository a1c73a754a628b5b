"""How orders come in: the event receiver, its interpretation, the periodic pull.
"""
