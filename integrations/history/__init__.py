"""Seeing every order and its document: the list, the detail, acting on one."""
