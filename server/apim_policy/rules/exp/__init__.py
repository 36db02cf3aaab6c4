"""Rules about policy expressions: the C# in them."""
