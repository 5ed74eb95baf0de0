"""Captures somebody kept: WARC files, capture folders, documents on disk, the web archive."""
