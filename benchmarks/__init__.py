"""What the product costs, measured as ratios in one run: seconds differ between machines."""
