"""Rules about MCP servers.

Those about headers ask the flow of a tool call: ``servers`` words what they find, ``relay`` builds the fixes that change
policies, ``answers`` those that write down what only the author knows, and ``layout`` keeps to the layout of each file.
"""
