"""The places to look for coverage, one module each, all of one shape."""
