"""What runs, in which order, and what becomes of request headers on the way.

``composition`` splices outer scopes and fragments into one order of steps, each with its origin. ``headers`` walks such
an order and keeps, for every header, where its value may come from. ``server`` puts both together along the way of a
tool call, from the client through an MCP server's policy and the header boundary to an API's backend. Facts about single
policies are asked of ``facts`` alone.
"""
