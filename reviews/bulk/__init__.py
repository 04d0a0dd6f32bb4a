"""One act on many claims: looked at first, then done one claim at a time by the usual verbs."""
