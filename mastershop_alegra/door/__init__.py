"""The web server: connections wait in the poller, not in a thread."""
