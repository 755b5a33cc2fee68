"""What people call the stages of an initiative, in five languages. Pure."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping

from rapidfuzz import fuzz, process

from storage.models import Stage

_SPELLED_LIKE = 88  # of 100, by rapidfuzz
_NUMBERED = re.compile(r"^\(?\d{1,2}\)?\s*[.):–-]?\s+")
_SHARE = re.compile(r"\(?\d{1,3} ?%\)?")  # how far it is within one
_SURELY = {
    Stage.PROPOSED: "proposed|initiated|idea|ideation|planned|planning|concept|backlog|not started|"
    "not yet started|to do|todo|new|draft|pipeline|requested|submitted|geplant|in planung|idee|"
    "konzept|vorgeschlagen|nicht begonnen|noch nicht begonnen|à faire|non commencé|non démarré|"
    "prévu|planifié|proposé|idée|gepland|niet gestart|nog niet gestart|te doen|voorgesteld|"
    "no iniciado|sin iniciar|planificado|propuesto|por hacer",
    Stage.APPROVED: "approved|acquisition and/or development|in development|development|design|"
    "build|building|pre-deployment|selected for development|in entwicklung|genehmigt|bewilligt|"
    "approuvé|validé|en développement|goedgekeurd|in ontwikkeling|aprobado|en desarrollo",
    Stage.PILOT: "pilot|piloting|pilot phase|implementation and assessment|implementation|testing|"
    "test|trial|poc|proof of concept|beta|uat|in pilot|pilotphase|pilotbetrieb|testphase|im test|"
    "pilote|en pilote|phase pilote|en test|pilotfase|in test|piloto|en piloto|fase piloto|"
    "en pruebas",
    Stage.PRODUCTION: "production|operation and maintenance|in production|operational|deployed|"
    "live|in use|launched|released|produktiv|in betrieb|in produktion|produktivbetrieb|im einsatz|"
    "en production|déployé|opérationnel|en service|in productie|operationeel|in gebruik|"
    "en producción|operativo|desplegado|en uso",
    Stage.PAUSED: "paused|on hold|suspended|inactive|pausiert|zurückgestellt|ruht|ruhend|en pause|"
    "suspendu|gepauzeerd|opgeschort|en pausa|suspendido",
    Stage.RETIRED: "retired|decommissioned|discontinued|cancelled|canceled|stopped|deprecated|"
    "eingestellt|abgebrochen|stillgelegt|außer betrieb|annulé|abandonné|arrêté|geannuleerd|"
    "gestopt|cancelado|retirado|abandonado",
}
# What a plan calls so may stand at several stages; it is asked, and this is put forward.
_PERHAPS = {
    Stage.PROPOSED: "open|offen|ouvert|abierto|pending|pendiente|research|exploration|"
    "under consideration|triage",
    Stage.APPROVED: "in review|ready|accepted|funded|selected|started|committed",
    Stage.PILOT: "in progress|ongoing|active|underway|under way|wip|in umsetzung|laufend|läuft|"
    "in arbeit|in bearbeitung|aktiv|en cours|actif|lopend|in uitvoering|bezig|actief|en curso|"
    "en progreso|en proceso|activo|in execution|executing|rollout|roll-out|evaluation",
    Stage.PRODUCTION: "completed|complete|done|finished|implemented|resolved|delivered|closed|"
    "abgeschlossen|fertig|erledigt|umgesetzt|beendet|terminé|achevé|fini|réalisé|clôturé|voltooid|"
    "afgerond|gereed|klaar|afgesloten|completado|terminado|finalizado|hecho|cerrado|scaling",
    Stage.PAUSED: "waiting|blocked|deferred|postponed|delayed|en attente|wartend|blockiert|"
    "en espera|wachtend|verschoben|reporté|aplazado",
    Stage.RETIRED: "rejected|declined|withdrawn|archived|abgelehnt|rejeté|afgewezen|rechazado",
}
_HEALTH_WORDS = """green amber yellow red on at off track risk grün gelb rot vert orange rouge groen
geel rood verde amarillo rojo healthy delayed"""
_HEALTH = frozenset(_HEALTH_WORDS.split())  # how it goes, and not how far it is


def _fold(word: str) -> str:
    plain = "".join(
        char
        for char in unicodedata.normalize("NFKD", word.casefold())
        if not unicodedata.combining(char)
    )
    word = _NUMBERED.sub("", plain.strip())
    bare = _SHARE.sub("", word) or word
    return re.sub(r"[^\w]+", " ", bare).strip()


def _by_word(table: Mapping[Stage, str]) -> dict[str, Stage]:
    return {_fold(word): stage for stage, words in table.items() for word in words.split("|")}


_KNOWN, _GUESSED = _by_word(_SURELY), _by_word(_PERHAPS)


def read_stage(cell: str) -> Stage | None:
    """Return the stage that a word means; None if it is none that is known."""
    folded = _fold(cell)
    if folded in _KNOWN:
        return _KNOWN[folded]
    # Misspelt, but not at its beginning (“undeployed” is not deployed) nor by a word (“live: no”).
    count = folded.count(" ")
    near = [word for word in _KNOWN if word[:3] == folded[:3] and word.count(" ") == count]
    close = process.extractOne(folded, near, scorer=fuzz.ratio, score_cutoff=_SPELLED_LIKE)
    return _KNOWN[close[0]] if close and folded else None


def guess_stage(cell: str) -> Stage | None:
    """Return the stage that a word may mean, for somebody to say whether it does."""
    return _GUESSED.get(_fold(cell))


def is_health(cell: str) -> bool:
    """Tell whether a word says how well it goes, as “green” does."""
    words = _fold(cell).split()
    return bool(words) and all(word in _HEALTH for word in words)


def unknown_words(cells: Iterable[str], said: Mapping[str, Stage]) -> Counter[str]:
    """Return the words of a column that mean no stage that is known, with their counts."""
    folded = {word.casefold() for word in said}
    found: Counter[str] = Counter()
    written: dict[str, str] = {}
    for cell in cells:
        word = " ".join(cell.split())
        if word and word.casefold() not in folded and read_stage(word) is None and _fold(word):
            found[written.setdefault(word.casefold(), word)] += 1
    return found
