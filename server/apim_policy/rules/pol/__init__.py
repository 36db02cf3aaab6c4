"""Rules about what a policy holds."""
