"""Rules about names: what a document refers to must exist."""
