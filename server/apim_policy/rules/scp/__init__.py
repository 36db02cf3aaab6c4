"""Rules about places: where a section or a policy may stand."""
