"""Pages of `partenaires`: fetch in scope, validate, one domain call, answer."""
