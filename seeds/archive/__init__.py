"""The sample archive: constructed pages, and the WARC files that are built from them."""
