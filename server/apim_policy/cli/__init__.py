"""The command line: reads arguments, prints, and decides the exit status. Nothing else here is worth importing."""
