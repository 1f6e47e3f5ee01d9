"""The electronic seal of documents: PAdES signatures with the seller's certificate; see docs/eseal.md."""
