"""What an editor offers inside policy expressions: proposals, cards, signatures."""
