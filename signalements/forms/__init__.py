"""Forms of `signalements`: they validate, they do not act."""
