"""Who: people, the organizations they work for, and what each role may do."""
