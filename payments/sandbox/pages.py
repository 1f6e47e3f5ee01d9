"""The hosted pages: entering a card, and confirming a payment at the holder's bank."""

from __future__ import annotations

from html import escape

from payments.sandbox.cards import CARDS
from payments.sandbox.objects import Thing

_STYLE = """
:root { color-scheme: light; font-family: "BIZ UDPGothic", "Hiragino Sans", "Noto Sans CJK JP", sans-serif; }
body { margin: 0; background: #f3f5fa; color: #1b2338; line-height: 1.6; }
main { max-width: 34rem; margin: 2rem auto; padding: 0 1rem; }
.sheet { background: #fff; border: 1px solid #d7dceb; border-radius: .75rem; padding: 1.25rem 1.5rem; }
h1 { font-size: 1.25rem; margin: 0 0 .25rem; } p { margin: .25rem 0 1rem; } .note { color: #56607a; }
fieldset { border: 0; padding: 0; margin: 0 0 1rem; } legend { font-weight: 700; margin-bottom: .5rem; }
label { display: flex; gap: .75rem; align-items: baseline; padding: .5rem .25rem; cursor: pointer;
  border-top: 1px solid #e7eaf3; }
label:hover { background: #f6f8fd; } label span { flex: 1; }
code { font-size: .85rem; color: #56607a; font-variant-numeric: tabular-nums; }
dl { display: grid; grid-template-columns: auto 1fr; gap: .25rem 1rem; margin: 0 0 1rem; }
dt { color: #56607a; } dd { margin: 0; text-align: right; font-variant-numeric: tabular-nums; }
.acts { display: flex; gap: .75rem; flex-wrap: wrap; }
button, .acts a { font: inherit; padding: .6rem 1.25rem; border-radius: .5rem; border: 1px solid #2f4d8f;
  background: #2f4d8f; color: #fff; cursor: pointer; text-decoration: none; }
.acts a, button.plain { background: #fff; color: #2f4d8f; }
.band { background: #ffe9b8; padding: .4rem 1rem; text-align: center; font-size: .85rem; }
@media (max-width: 30rem) { label { flex-wrap: wrap; } label code { width: 100%; padding-left: 2rem; } }
"""


def _page(title: str, body: str) -> str:
    return f"""<!doctype html>
<html lang="ja"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title><link rel="icon" href="data:,"><style>{_STYLE}</style></head>
<body><div class="band">テスト用の模擬ページです。本物のカードは使えません。</div>
<main><div class="sheet">{body}</div></main></body></html>"""


def card_page(session: Thing) -> str:
    choices = "".join(
        f'<label><input type="radio" name="card" value="{card.number}"{" checked" if not index else ""}>'
        f"<span>{escape(card.label)}</span><code>{_spaced(card.number)}</code></label>"
        for index, card in enumerate(CARDS)
    )
    back = escape(session["cancel_url"] or session["success_url"], quote=True)
    return _page(
        "カード情報の登録",
        f"""<h1>カード情報の登録</h1>
<p class="note">登録するテストカードを選んでください。この画面で請求されることはありません。</p>
<form method="post"><fieldset><legend>カード</legend>{choices}</fieldset>
<div class="acts"><button type="submit">このカードを登録する</button>
<a href="{back}">戻る</a></div></form>""",
    )


def confirm_page(intent: Thing, last4: str) -> str:
    return _page(
        "本人認証(3Dセキュア)",
        f"""<h1>本人認証(3Dセキュア)</h1>
<p class="note">カード会社の本人認証ページの模擬です。</p>
<dl><dt>金額</dt><dd>{intent["amount"]:,}円</dd><dt>内容</dt><dd>{escape(intent["description"] or "")}</dd>
<dt>カード</dt><dd>•••• {escape(last4)}</dd></dl>
<form method="post"><div class="acts"><button name="answer" value="yes">承認する</button>
<button class="plain" name="answer" value="no">認証に失敗する</button></div></form>""",
    )


def over_page() -> str:
    return _page(
        "このページは終了しました",
        "<h1>このページは終了しました</h1><p>お店のページに戻って、もう一度お試しください。</p>",
    )


def _spaced(number: str) -> str:
    return " ".join(number[start : start + 4] for start in range(0, len(number), 4))
