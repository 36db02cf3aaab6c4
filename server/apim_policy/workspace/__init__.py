"""What each file is: scope, API, operation, product, fragment, MCP server and its tools, each with its evidence.

Files are found and read here, settings are loaded here, and every change to a file is written here. Nothing here knows
what a rule is.
"""
