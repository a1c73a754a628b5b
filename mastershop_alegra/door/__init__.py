"""The web server's side of the door: who comes waits in the poller, not in a thread."""
