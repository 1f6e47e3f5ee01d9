"""Files of banks (全銀協 record formats and CSV), read and written. Pure: no database, no clock."""
