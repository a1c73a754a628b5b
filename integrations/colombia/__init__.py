"""What Colombian law and custom ask of a document: pure rules, no I/O.

Identity and its check digit, names, places, pesos and their rounding, the day in Bogotá,
the words of payment, and what may be shown of a buyer's data.
"""
