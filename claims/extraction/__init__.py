"""The checkable assertions of an article, each with the exact words it stands on."""
