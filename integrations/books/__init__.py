"""The audit of Alegra against the portal: what Alegra has is compared with what was made there."""
