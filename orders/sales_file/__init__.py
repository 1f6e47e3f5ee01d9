"""The file of sales that another system delivered: its rows, a reader that names every bad line, a writer.

Nothing here knows the database or the clock.
"""

from .reader import SalesFile, read_sales_file
from .rows import COLUMNS, LineError, SaleRow
from .writer import write_sales_file

__all__ = ["COLUMNS", "LineError", "SaleRow", "SalesFile", "read_sales_file", "write_sales_file"]
