"""Joins the rooms' Celery tasks, so that the worker finds them in one place."""
