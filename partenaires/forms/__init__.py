"""Forms validate what is typed; they do not act."""
