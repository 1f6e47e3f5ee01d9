"""How the invented companies' names are read, as their banks would write them."""

from payments.bank_files.kana import bank_kana

_PARTS = {
    "株式会社": "カ",
    "合同会社": "ド",
    "有限会社": "ユ",
    "一般社団法人": "シヤ",
    "協同組合": "キヨウクミ",
    "医療法人": "イ",
}
_READINGS = """
青嶺:アオネ 暁星:ギヨウセイ 朝凪:アサナギ 安曇:アズミ 飯綱:イイヅナ 碧海:ヘキカイ 薫風:クンプウ
桐原:キリハラ 銀杏:イチヨウ 欅坂:ケヤキザカ 湖東:コトウ 駒草:コマクサ 彩雲:サイウン 桜台:サクラダイ
皐月:サツキ 潮見:シオミ 白鷺:シラサギ 翠明:スイメイ 涼風:スズカゼ 瀬音:セオト 千草:チグサ 蒼天:ソウテン
橘:タチバナ 辰巳:タツミ 月見:ツキミ 椿:ツバキ 鶴舞:ツルマイ 常盤:トキワ 渚:ナギサ 虹の丘:ニジノオカ
野ばら:ノバラ 萩原:ハギワラ 初音:ハツネ 花水木:ハナミズキ 春日野:カスガノ 雲雀:ヒバリ 藤波:フジナミ
穂高:ホダカ 真澄:マスミ 松風:マツカゼ 緑陽:リヨクヨウ 深雪:ミユキ 美濃路:ミノジ 睦月:ムツキ 紅葉:モミジ
八雲:ヤクモ 雪割:ユキワリ 若竹:ワカタケ 商会:シヨウカイ 精機:セイキ 工務店:コウムテン 製菓:セイカ
製麺:セイメン 印刷所:インサツシヨ 倉庫:ソウコ 物流:ブツリユウ 電子:デンシ 計器:ケイキ 測量:ソクリヨウ
設計:セツケイ 園芸:エンゲイ 水産:スイサン 酒造:シユゾウ 紡績:ボウセキ 染工:センコウ 薬品:ヤクヒン
硝子:ガラス 陶器:トウキ 家具:カグ 書房:シヨボウ 情報システム:ジヨウホウシステム ソフトウェア:ソフトウエア
広告:コウコク 観光:カンコウ 不動産管理:フドウサンカンリ 保険サービス:ホケンサービス 歯科医院:シカイイン
学習塾:ガクシユウジユク
"""
_WORDS = dict(pair.split(":") for pair in _READINGS.split())


def payer_name(company: str) -> str:
    """The name of an invented company as a transfer shows it: `株式会社椿商会` → `ｶ)ﾂﾊﾞｷｼﾖｳｶｲ`."""
    for written, mark in _PARTS.items():
        if company.startswith(written):
            return bank_kana(f"{mark}){_read(company.removeprefix(written))}")
        if company.endswith(written):
            return bank_kana(f"{_read(company.removesuffix(written))}({mark}")
    return bank_kana(_read(company))


def _read(name: str) -> str:
    """Stem and trade; a name outside the list is left as it is, without what a bank does not write."""
    for stem, reading in _WORDS.items():
        if name.startswith(stem) and name.removeprefix(stem) in _WORDS:
            return reading + _WORDS[name.removeprefix(stem)]
    return "".join(character for character in name if character.isascii()) or "フメイ"
