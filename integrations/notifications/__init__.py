"""Being told: who is mailed, what was mailed, and the mails themselves."""
