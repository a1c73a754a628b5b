"""What a document may need next: each module is one step, which asks and decides."""
