"""When it is, how long things may take, and who is woken for what is due.

`clock` tells the time everybody agrees on; `timing` holds every duration of the
product in one frozen object, so that a proof can divide them all by twenty; `waking`
asks a worker to come at once.
"""
