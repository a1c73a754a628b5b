"""Alegra's language: one client that sends, one module for each of its resources.

Ground floor. Knows HTTP and Alegra's shapes, nothing of the house and nothing of Django.
Start at ``client.py``; ``errors.py`` draws what can go wrong.
"""
