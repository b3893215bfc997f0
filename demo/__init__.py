"""The made-up newspaper, and the runner of the whole stack."""
