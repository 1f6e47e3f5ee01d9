"""Sales files written out by hand."""

from orders.sales_file import SaleRow

HEADER = (
    "売上番号,納品日,お客様番号,会社名,経理担当者,メールアドレス,郵便番号,住所,"
    "商品コード,商品名,数量,単価(税抜),税区分"
)
GOOD = (
    "S1,2026/10/30,C1,青葉商会株式会社,山根 透,keiri@aoba.example,100-0005,東京都千代田区丸の内1-1-1,"
    "DV-1Y,ドメイン認証SSL 1年,2,30000,課税10%"
)


def line(**changes: str) -> str:
    """The good line with some of its columns (c1 … c13) changed."""
    fields = GOOD.split(",")
    for name, value in changes.items():
        fields[int(name[1:]) - 1] = value
    return ",".join(fields)


def sales_file(*lines: str, encoding: str = "cp932", header: str = HEADER) -> bytes:
    return "".join(f"{text}\r\n" for text in (header, *lines)).encode(encoding)


def numbers(rows: tuple[SaleRow, ...]) -> list[str]:
    return [row.number for row in rows]
