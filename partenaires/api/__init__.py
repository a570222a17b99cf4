"""The API of `partenaires`: who calls, what the key opens, the résidences."""
