"""Pages of a list with more rows than anybody counts."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.utils.functional import cached_property

MOST = 10_000


class CountsToLimit(Paginator):
    """Counts to `MOST` and no further, so that a list of a million opens as fast as one of a hundred.

    What lies behind is found by narrowing the search. `cut`: there is more.
    """

    @cached_property
    def _counted(self) -> int:
        rows: Any = self.object_list
        return int(rows.order_by().values("pk")[: MOST + 1].count())

    @cached_property
    def count(self) -> int:
        return min(self._counted, MOST)

    @property
    def cut(self) -> bool:
        return self._counted > MOST
