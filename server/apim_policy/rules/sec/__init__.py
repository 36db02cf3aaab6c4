"""Rules about what an attacker would look for."""
