"""Rules about the text: what no XML reader would take, expressions aside."""
