"""The copy of a file that is handed to the person: what she may read, what stays out and why, the archive."""
