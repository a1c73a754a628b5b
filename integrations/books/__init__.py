"""What Alegra has, compared with what the portal made there: the audit and what it found."""
