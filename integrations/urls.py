"""Joins the rooms' addresses; holds no logic."""

urlpatterns = []
