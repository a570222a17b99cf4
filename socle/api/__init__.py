"""What every call of the API shares: problems in French, bodies, pages, idempotency, description."""
