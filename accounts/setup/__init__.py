"""The pages on which a new tenant is set up."""
