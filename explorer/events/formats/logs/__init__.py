"""Logs of servers, balancers and stores, a line for each request."""
