"""10,000 events over 32 connections, senders that guess, a business that floods: 10 minutes.

Run it on both databases: `./run check storm` and `tests/pgbox.py ./run check storm`. What sends and
what receives share the machine. Of each request one line is kept: when, how long, which answer.
"""
