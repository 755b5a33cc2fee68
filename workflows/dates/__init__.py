"""Dates as people write them: one reader for what is typed and for the cells of files."""
