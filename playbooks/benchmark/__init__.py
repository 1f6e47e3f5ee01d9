"""How fast pages are: every page of a tenant's host, found by its address, over HTTP."""
