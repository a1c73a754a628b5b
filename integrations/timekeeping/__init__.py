"""When it is, and how long things may take.

`clock` tells the time everybody agrees on; `timing` holds every duration of the
product in one frozen object, so that a proof can divide them all by twenty.
"""
