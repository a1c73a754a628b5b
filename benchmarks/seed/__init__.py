"""A database full of orders, made with SQL from some that the portal made itself.

`sample.py` lets the portal make a few dozen orders of each comercio against the simulated Alegra:
documents, payments, problems, changes of state. `copies.py` multiplies their rows with statements
of the database, each copy a little earlier and under numbers of its own. The same call makes the
same rows, except what is encrypted or keyed.
"""
