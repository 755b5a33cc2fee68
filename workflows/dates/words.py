"""The words of dates in the languages that people and files write them in, as one English. Pure."""

import re
import unicodedata

MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

_MONTH_WORDS = """
january januar janner janvier janv enero ene januari gennaio gen janeiro
february februar fevrier fevr febrero februari febbraio fevereiro fev
march marz maerz mrz mars marzo maart mrt marco
april avril avr abril abr aprile
may mai mayo mei maggio mag maio maj
june juni juin junio giugno giu junho
july juli juillet juil julio luglio lug julho
august aout agosto ago augustus augusti
september sept septembre septiembre settembre setembro
october oktober okt octobre octubre ottobre ott outubro
november novembre noviembre novembro
december dezember dez decembre diciembre dic dicembre dezembro desember
"""
_WEEKDAY_WORDS = """
monday montag lundi lunes maandag lunedi segunda mandag
tuesday tues dienstag mardi martes dinsdag martedi tirsdag
wednesday weds mittwoch mercredi miercoles woensdag mercoledi onsdag
thursday thur thurs donnerstag jeudi jueves donderdag giovedi torsdag
friday freitag vendredi viernes vrijdag venerdi fredag
saturday samstag sonnabend samedi sabado zaterdag sabato lordag
sunday sonntag dimanche domingo zondag domenica sondag
"""
_OTHER_WORDS = {
    "end": "ende fin eind einde fine",
    "start": "beginning begin anfang beginn debut inicio begins inizio",
    "mid": "middle mitte mi medio meta halfway",
    "of": "de del des di van von",
    "in": "dans",
    "next": "coming following nachste nachsten nachster nachstes kommende kommenden prochain"
    " prochaine volgende",
    "this": "current diese diesen dieser dieses ce cette deze",
    "today": "heute aujourdhui hoy oggi vandaag tonight now",
    "tomorrow": "morgen demain manana domani tmrw tomorow tommorow tommorrow",
    "overmorrow": "ubermorgen overmorgen",
    "yesterday": "gestern hier ayer ieri gisteren",
    "day": "days d tag tage tagen jour jours dia dias dag dagen",
    "week": "weeks wk wks w woche wochen semaine semaines semana semanas weken kw cw",
    "fortnight": "fortnights",
    "month": "months mth mths monat monate monaten monats mois meses maanden",
    "quarter": "quarters qtr qtrs quartal quartals trimestre trimester kwartaal",
    "half": "halves halbjahr semestre",
    "year": "years yr yrs jahr jahre jahren jahres jaar ano anos",
    "workday": "workdays weekday weekdays werktag werktage werktagen arbeitstag arbeitstage"
    " arbeitstagen wd bd",
    "1st": "first 1er erster ersten erste premier primer primero",
    "2nd": "second",
    "3rd": "third",
    "4th": "fourth",
    "5th": "fifth",
    "last": "final letzter letzten letzte dernier previous",
    "1": "one", "2": "two zwei", "3": "three drei", "4": "four vier", "5": "five",
    "6": "six sechs", "7": "seven", "8": "eight acht", "9": "nine neun", "10": "ten zehn",
    "11": "eleven", "12": "twelve", "15": "fifteen", "20": "twenty", "30": "thirty",
}  # fmt: skip


def _table() -> dict[str, str]:
    table: dict[str, str] = {}
    for canon, words in reversed(_OTHER_WORDS.items()):
        table |= dict.fromkeys(words.split(), canon)
    for names, lines in ((MONTHS, _MONTH_WORDS), (WEEKDAYS, _WEEKDAY_WORDS)):
        for canon, line in zip(names, lines.strip().splitlines(), strict=True):
            table |= dict.fromkeys(line.split(), canon)
    for weekday in ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"):
        beginnings = [weekday[:length] for length in range(4, len(weekday))]
        table |= dict.fromkeys(beginnings, weekday[:3])
    return table


_CANON = _table()
# Two letters and the short names that are months elsewhere: weekdays only before a date in digits.
_SHORT_WEEKDAYS = {
    "mo": "mon", "ma": "mon", "lun": "mon", "di": "tue", "mar": "tue", "mi": "wed", "wo": "wed",
    "mer": "wed", "mie": "wed", "do": "thu", "jeu": "thu", "jue": "thu", "gio": "thu",
    "fr": "fri", "vr": "fri", "ven": "fri", "vie": "fri", "sa": "sat", "za": "sat", "sam": "sat",
    "sab": "sat", "so": "sun", "zo": "sun", "dim": "sun", "dom": "sun",
}  # fmt: skip
_BEFORE_DIGITS = re.compile(rf"^({'|'.join(_SHORT_WEEKDAYS)})\.? (?=\d{{1,2}}[./-]\d)")

_MONTH_AND_TWO_DIGITS = re.compile(r"^([a-z]+)\.?-(\d\d)$")  # Jan-27: the 27th, or a year?

_ZONE = r"(?:\s*(?:z|utc|gmt|bst|cet|cest|[ecmp][sd]?t)\b)?(?:\s*[+-]\d\d(?::?\d\d)?)?"
_CLOCK = re.compile(
    r"(?<![\w:+/.-])(?:\d{1,2}(?::\d\d){1,2}(?:[.,]\d+)?(?:\s*[ap]\.?m\b\.?)?"
    rf"|\d{{1,2}}(?:[:.]\d\d)?\s*(?:[ap]\.?m\b\.?|h\b|uhr\b|o'?clock\b)){_ZONE}"
)
_ISO_CLOCK = re.compile(rf"(?<=\d)t\d\d:?\d\d(?::?\d\d(?:[.,]\d+)?)?{_ZONE}$")
_TIME_OF_DAY = re.compile(
    r"\b(?:(?:close|end) of (?:business|play)|end of (?:the )?(?:business )?day|eod|eob"
    r"|cob|cop|noon|midday|midnight|lunchtime|(?:in the )?(?:morning|afternoon|evening))\b"
)
_ASIDE = re.compile(
    r"^(?:(?:no|not) later than|at the latest|week (?:commencing|beginning|starting|ending)|w [cbe]"
    r"|by|on|for|until|till?|before|due|around|about|approx|circa|ca|latest|from|since|as of"
    r"|starting|sometime|some time|bis|vom|zum|am|ab|den|dem|der|le|el|il|op|jusquau)\s+(?!$)"
)
_TAIL = re.compile(r"\s+(?:at the latest|latest|or so|please|spatestens)$")
_IDLE = frozenset(("the", "at", "um", "time"))


def fold(text: str) -> str:
    """Return a text in small plain letters, spaces and signs as they are usually written."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    bare = "".join(char for char in plain if not unicodedata.combining(char))
    bare = re.sub(r"[\u2019\u2018`]", "'", re.sub(r"[\u2010-\u2015\u2212]", "-", bare))
    return re.sub(r"[\s,()]+", " ", bare).strip(" ?!")


def without_time(folded: str) -> tuple[str, bool]:
    """Return a folded text without its times of day, and whether a clock's was among them."""
    dated = _ISO_CLOCK.sub("", folded)
    clockless, count = _CLOCK.subn(" ", dated)
    return " ".join(_TIME_OF_DAY.sub(" ", clockless).split()), bool(count)


def canonical(folded: str) -> str:
    """Return a folded text in the few English words that the forms are made of."""
    text = _MONTH_AND_TWO_DIGITS.sub(r"\1 ~\2", folded.strip().removesuffix("."))
    text = _spaced(text)
    text = _TAIL.sub("", text)
    while stripped := _ASIDE.match(text):
        text = text[stripped.end() :]
    text = _BEFORE_DIGITS.sub(lambda found: f"{_SHORT_WEEKDAYS[found[1]]} ", text)
    words = [_CANON.get(word, word) for word in text.split() if word not in _IDLE]
    return _joined(" ".join(words))


def _spaced(text: str) -> str:
    """Part what is glued together, and close up what belongs together."""
    text = re.sub(r"[年月]", "-", text.replace("日", ""))
    text = re.sub(r"'(\d\d)$", r"20\1", text).replace("'", "")
    text = re.sub(r"\s*/\s*", "/", text)
    text = re.sub(r"(?<=\d)\. (?=\d)", ".", text)  # 12. 1. 2027
    text = re.sub(r"(?<=\d)\.(?=\s|$)|(?<=[a-z])\.", " ", text)  # 12. Januar, Jan.
    text = re.sub(r"(?<=[a-z])[-/](?=[a-z0-9])|(?<=\d)[-/](?=[a-z])", " ", text)
    text = re.sub(r"(?<=\d)(?=(?:days?|weeks?|months?|years?|d|w|wks?|mths?|yrs?)\b)", " ", text)
    text = re.sub(r"^(\d{1,2})([a-z]{3,9})(\d{4}|\d\d)$", r"\1 \2 \3", text)  # 15Feb2027
    return " ".join(text.split())


def _joined(text: str) -> str:
    """Write what has several names in one way."""
    for form, written in _SAME:
        text = form.sub(written, text)
    return " ".join(text.split())


_SAME = [
    (re.compile(form), written)
    for form, written in (
        (r"\b(?:working|business|work) day\b", "workday"),
        (r"\bday after tomorrow\b", "overmorrow"),
        (r"\b(?:a )?couple (?:of )?", "2 "),
        (r"\bhalf a year\b", "6 month"),
        (r"\b(\d+|an?) (day|week|month|year) aug$", r"\1 \2 ago"),
        (r"\beo[mqy] (?=\S)", "end of "),
        (r"\beow\b", "end of week"),
        (r"\beom\b", "end of month"),
        (r"\beoq\b", "end of quarter"),
        (r"\beoy\b", "end of year"),
        (r"\b([1-4])(?:st|nd|rd|th)? quarter\b(?: of)?", r"q\1"),
        (r"\b([12])(?:st|nd)? half\b(?: of)?", r"h\1"),
        (r"\b(?:t([1-4])|([1-4])q)(?=\d\d|\b)", r"q\1\2"),
        (r"\b(?:s([12])|([12])h)(?=\d\d|\b)", r"h\1\2"),
        (r"\b(?:1st|start) day of\b", "start of"),
        (r"\b(?:last|end) day of\b", "end of"),
        (r"\b(q[1-4]|h[12]) of\b", r"\1"),
        (r"\bweek (\d{1,2})\b", r"w\1"),
        (r"\b(?:fiscal|financial) year\b", "fy"),
        (r"\b(?:fy|(?:this|current) fy) ?(?=\d|$)", "fy"),
        (r"\bin (?=(?:this|next) )", "of "),
    )
]
