"""Layout of documents: indentation, blank lines and the space inside tags; nothing that means anything."""
