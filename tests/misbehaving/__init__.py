"""A web on this machine of some eighty hosts, each of them wrong in a way of its own."""
