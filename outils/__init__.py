"""Tools of the checkout: private servers, demonstration, vendored assets. Nothing here runs in production."""
