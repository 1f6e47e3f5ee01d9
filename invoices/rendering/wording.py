"""The Japanese words of each kind of document."""

from dataclasses import dataclass

from accounts.policy.choices import PaymentMethod, TaxCategory
from invoices.rendering.content import Kind


@dataclass(frozen=True, slots=True)
class Wording:
    """Words that differ by kind. `headline_is_total`: the large sum is the total, not what is left to pay."""

    greeting: str
    headline: str
    headline_is_total: bool
    due: str
    supply_date: str = "取引日"
    references: str = "関連する書類"
    reason: str = "理由"


WORDING: dict[Kind, Wording] = {
    Kind.QUOTE: Wording("下記のとおりお見積り申し上げます。", "お見積金額", True, "有効期限"),
    Kind.DELIVERY_NOTE: Wording(
        "下記のとおり納品いたしました。", "納品金額", True, "お支払期限", supply_date="納品日"
    ),
    Kind.INVOICE: Wording("下記のとおりご請求申し上げます。", "ご請求金額", False, "お支払期限"),
    Kind.RETURN_INVOICE: Wording(
        "下記のとおり返還いたします。",
        "返還金額",
        True,
        "お支払期限",
        supply_date="返還日",
        references="返還の対象",
        reason="返還の理由",
    ),
    Kind.CORRECTED_INVOICE: Wording(
        "下記のとおり訂正のうえ、ご請求申し上げます。",
        "ご請求金額",
        False,
        "お支払期限",
        references="訂正前の書類",
        reason="訂正の理由",
    ),
    Kind.PAYMENT_STATEMENT: Wording(
        "下記のとおりご請求申し上げます。", "ご請求金額", False, "お支払期限", supply_date="発行日"
    ),
    Kind.PLAIN_INVOICE: Wording("下記のとおりご請求申し上げます。", "ご請求金額", False, "お支払期限"),
}

UNTAXED: dict[TaxCategory, str] = {
    TaxCategory.ZERO: "免税",
    TaxCategory.EXEMPT: "非課税",
    TaxCategory.OUT_OF_SCOPE: "不課税",
}

PAYMENT_METHODS: dict[PaymentMethod, str] = {
    PaymentMethod.CARD: "クレジットカード",
    PaymentMethod.DEPOSIT: "預り金",
    PaymentMethod.ADVANCE_TRANSFER: "銀行振込(前払い)",
    PaymentMethod.LATER_TRANSFER: "銀行振込(後払い)",
    PaymentMethod.TRANSFER_OR_KONBINI: "銀行振込・コンビニ決済",
    PaymentMethod.DIRECT_DEBIT: "口座振替",
    PaymentMethod.PAYMENT_LINK: "お支払いリンク",
    PaymentMethod.TRANSFER: "銀行振込",
}

REDUCED_MARK = "※"
REDUCED_LEGEND = "※は軽減税率対象"
STATEMENT_TAX_NOTE = (
    "消費税額および適用税率は、上記の各書類(適格請求書・適格返還請求書)に記載のとおりです。"
    "本書と各書類を合わせて保存してください。"
)
TRANSFER_FEE_NOTE = "恐れ入りますが、振込手数料はお客様のご負担にてお願いいたします。"
NOT_NUMBERED = "(未発行)"
NOTHING_TO_PAY_NOTE = "お支払いの必要はございません。"
