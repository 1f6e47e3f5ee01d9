"""The frame of the REST API; each room has its addresses in its own `api.py`."""
