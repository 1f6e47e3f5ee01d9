"""Invented months of sales, for the demo and for tests. The same seed, the same file."""

import calendar
from datetime import date, timedelta
from random import Random
from typing import NamedTuple, TypeVar

from accounts.policy.choices import TaxCategory

from .sales_file import SaleRow

T = TypeVar("T")

# How many of a hundred sales lie in the days before and after the month, and on its last day.
EARLY_PERCENT, LATE_PERCENT, LAST_DAY_PERCENT = 2, 2, 7
DAYS_BEYOND = 5
DISCOUNT_PERCENT = 10
QUANTITIES = {1: 51, 2: 12, 3: 13, 5: 12, 12: 12}
# How much customers buy: most a little, a few a lot.
APPETITES = {1: 34, 2: 12, 3: 10, 5: 14, 8: 13, 13: 11, 60: 6}


class Product(NamedTuple):
    sku: str
    name: str
    unit_price: int
    tax_category: TaxCategory
    share: int


CATALOGUE = (
    Product("DV-1Y", "ドメイン認証SSL 1年", 30000, TaxCategory.STANDARD, 34),
    Product("OV-1Y", "企業認証SSL 1年", 59500, TaxCategory.STANDARD, 16),
    Product("WC-1Y", "ワイルドカードSSL 1年", 98765, TaxCategory.STANDARD, 10),
    Product("EV-1Y", "EV SSL 1年", 128700, TaxCategory.STANDARD, 6),
    Product("SETUP", "証明書設定サービス", 15433, TaxCategory.STANDARD, 12),
    Product("WATER", "備蓄用飲料水 24本", 2983, TaxCategory.REDUCED, 8),
    Product("COOKIE", "備蓄用クッキー缶", 787, TaxCategory.REDUCED, 8),
    Product("STAMP", "収入印紙(立替)", 200, TaxCategory.EXEMPT, 4),
    Product("DEPOSIT", "機器預り保証金", 10000, TaxCategory.OUT_OF_SCOPE, 2),
)


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_STEMS = _words(
    """
    青嶺 暁星 朝凪 安曇 飯綱 碧海 薫風 桐原 銀杏 欅坂 湖東 駒草 彩雲 桜台 皐月 潮見 白鷺 翠明 涼風
    瀬音 千草 蒼天 橘 辰巳 月見 椿 鶴舞 常盤 渚 虹の丘 野ばら 萩原 初音 花水木 春日野 雲雀 藤波 穂高
    真澄 松風 緑陽 深雪 美濃路 睦月 紅葉 八雲 雪割 若竹
    """
)
_TRADES = _words(
    """
    商会 精機 工務店 製菓 製麺 印刷所 倉庫 物流 電子 計器 測量 設計 園芸 水産 酒造 紡績 染工 薬品
    硝子 陶器 家具 書房 情報システム ソフトウェア 広告 観光 不動産管理 保険サービス 歯科医院 学習塾
    """
)
_FORMS = (
    "株式会社{}",
    "{}株式会社",
    "合同会社{}",
    "有限会社{}",
    "一般社団法人{}",
    "{}協同組合",
    "医療法人{}",
)
_FORM_SHARES = (36, 24, 14, 10, 6, 5, 5)
_SURNAMES = _words(
    """
    相沢 秋庭 浅井 有馬 石丸 磯部 植村 榎本 大槻 岡崎 小野寺 片桐 神谷 川端 菊地 北川 久保田 黒木
    桑原 小松 坂下 篠原 島崎 杉浦 関口 瀬川 高梨 竹内 立花 谷口 千葉 塚本 土屋 徳永 中里 永井 西尾
    野村 萩野 服部 原口 平松 福島 星野 堀内 前川 三浦 宮下 村瀬 森山 安田 横山 吉岡 若林
    """
)
_GIVEN = _words(
    """
    葵 彰 綾香 一樹 栄治 佳奈 和也 京子 健太 紗希 聡 静香 翔 真一 澄江 大輔 千尋 哲也 直美 望 春香
    秀樹 浩 史恵 誠 真理 美咲 実 恵子 康平 祐介 由美 陽子 理沙 涼
    """
)
_TOWNS = (
    ("060", "北海道札幌市中央区北三条西"),
    ("980", "宮城県仙台市青葉区一番町"),
    ("100", "東京都千代田区丸の内"),
    ("104", "東京都中央区銀座"),
    ("160", "東京都新宿区西新宿"),
    ("220", "神奈川県横浜市西区みなとみらい"),
    ("460", "愛知県名古屋市中区錦"),
    ("530", "大阪府大阪市北区梅田"),
    ("650", "兵庫県神戸市中央区三宮町"),
    ("730", "広島県広島市中区紙屋町"),
    ("810", "福岡県福岡市中央区天神"),
)


class Buyer(NamedTuple):
    code: str
    company_name: str
    contact_name: str
    email: str
    postcode: str
    address: str
    appetite: int


def sample_sales(
    *, month: date, customers: int, lines: int, seed: int, until: date | None = None
) -> list[SaleRow]:
    """Invented sales of the month that `month` lies in, with some of the days before and after it.

    Customers follow from the seed alone, so that the months of one seed are months of one shop; numbers begin
    with the month. Each customer buys once at least, lines permitting. `until` leaves out what is delivered
    later, so that there may be fewer than `lines`.
    """
    # Invented figures need no secrecy, but must come out the same everywhere.
    buyers = _buyers(Random(f"buyers {seed}"), customers)  # noqa: S311
    rng = Random(f"sales {seed} {month:%Y-%m}")  # noqa: S311
    who = _who_buys(rng, buyers, lines)
    rows = [_row(rng, month, n, buyer) for n, buyer in enumerate(who, 1)]
    rows = [row for row in rows if until is None or row.delivered_on <= until]
    rng.shuffle(rows)
    return [row._replace(line=line) for line, row in enumerate(rows, 2)]


def _who_buys(rng: Random, buyers: list[Buyer], lines: int) -> list[Buyer]:
    """Everyone once, as far as the lines go; the rest by appetite."""
    more = rng.choices(buyers, [buyer.appetite for buyer in buyers], k=max(0, lines - len(buyers)))
    return sorted(buyers[:lines] + more)


def _buyers(rng: Random, count: int) -> list[Buyer]:
    names = _company_names(rng, count)
    return [_buyer(rng, f"K{n:05d}", name) for n, name in enumerate(names, 1)]


def _company_names(rng: Random, count: int) -> list[str]:
    """Names that differ as long as the words suffice."""
    firms = [stem + trade for stem in _STEMS for trade in _TRADES]
    rng.shuffle(firms)
    return [_weighted(rng, _FORMS, _FORM_SHARES).format(firms[n % len(firms)]) for n in range(count)]


def _buyer(rng: Random, code: str, name: str) -> Buyer:
    area, town = rng.choice(_TOWNS)
    return Buyer(
        code=code,
        company_name=name,
        contact_name=f"{rng.choice(_SURNAMES)} {rng.choice(_GIVEN)}",
        email=f"keiri@{code.lower()}.example",
        postcode=f"{area}-{rng.randint(1, 99):04d}",
        address=f"{town}{rng.randint(1, 9)}-{rng.randint(1, 25)}-{rng.randint(1, 12)}",
        appetite=_weighted(rng, tuple(APPETITES), tuple(APPETITES.values())),
    )


def _row(rng: Random, month: date, n: int, buyer: Buyer) -> SaleRow:
    product = _weighted(rng, CATALOGUE, tuple(product.share for product in CATALOGUE))
    return SaleRow(
        line=0,
        number=f"U{month:%Y%m}-{n:06d}",
        delivered_on=_delivery(rng, month),
        customer_code=buyer.code,
        company_name=buyer.company_name,
        contact_name=buyer.contact_name,
        email=buyer.email,
        postcode=buyer.postcode,
        address=buyer.address,
        sku=product.sku,
        product_name=product.name,
        quantity=_weighted(rng, tuple(QUANTITIES), tuple(QUANTITIES.values())),
        unit_price=_price(rng, product.unit_price),
        tax_category=product.tax_category,
    )


def _delivery(rng: Random, month: date) -> date:
    first = month.replace(day=1)
    last = month.replace(day=calendar.monthrange(month.year, month.month)[1])
    lot = rng.randint(1, 100)
    if lot <= EARLY_PERCENT:
        return first - timedelta(days=rng.randint(1, DAYS_BEYOND))
    if lot <= EARLY_PERCENT + LATE_PERCENT:
        return last + timedelta(days=rng.randint(1, DAYS_BEYOND))
    if lot <= EARLY_PERCENT + LATE_PERCENT + LAST_DAY_PERCENT:
        return last
    return first + timedelta(days=rng.randint(0, last.day - 1))


def _price(rng: Random, list_price: int) -> int:
    """The list price, or now and then up to a tenth less."""
    if rng.randint(1, 100) > DISCOUNT_PERCENT:
        return list_price
    return list_price - rng.randint(1, list_price // 10)


def _weighted(rng: Random, values: tuple[T, ...], weights: tuple[int, ...]) -> T:
    return rng.choices(values, weights)[0]
