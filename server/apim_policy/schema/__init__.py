"""What each policy may hold and what it does: the compiled model of the XSDs."""
