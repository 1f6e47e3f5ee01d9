"""How names of companies and people are compared in a search: width, case, kind of kana do not matter."""

from __future__ import annotations

import re
import unicodedata

from django.db.models import F, Func, TextField, Value
from django.db.models.functions import Concat

_KATAKANA = "".join(map(chr, range(0x30A1, 0x30F7)))
_HIRAGANA = "".join(map(chr, range(0x3041, 0x3097)))
_FOLD = str.maketrans(_KATAKANA, _HIRAGANA)
_BLANKS = re.compile(r"\s+")
_LEGAL_FORM = re.compile(
    r"(?:株式|有限|合同|合資|合名)会社|\((?:株|有|同|資|名)\)|(?:一般|公益)?(?:社団|財団)法人|医療法人|学校法人"
)


def folded(text: str) -> str:
    """A text to look for, without its legal form: `㈱ アクメ` is `あくめ`."""
    plain = _BLANKS.sub("", unicodedata.normalize("NFKC", text).lower()).translate(_FOLD)
    return _LEGAL_FORM.sub("", plain) or plain


class Folded(Func):
    """The same in the database, legal forms left in: they do not hinder what is looked for inside."""

    template = f"translate(lower(normalize(%(expressions)s, NFKC)), '{_KATAKANA} ', '{_HIRAGANA}')"
    output_field = TextField()


def folded_fields(*names: str) -> Folded:
    """The fields one after the other, so that nothing is found across two of them."""
    parts = [part for name in names for part in (F(name), Value("|"))]
    return Folded(Concat(*parts, output_field=TextField()))
