"""The method that tells overlaps stays as good as it was measured to be."""

from tests.overlaps.methods import average_precision as average
from tests.overlaps.methods import quality_at, read_pairs, score_by_ours, score_by_tokens
from workflows.registry.similarity import THRESHOLD


def test_the_pairs_are_labelled_each_with_its_reason_and_of_different_departments() -> None:
    pairs = read_pairs()

    assert len(pairs) >= 200
    assert all(pair.reason and pair.a.department != pair.b.department for pair in pairs)
    assert 0.4 < sum(pair.overlaps for pair in pairs) / len(pairs) < 0.6


def test_three_quarters_of_what_is_shown_overlap_and_few_overlaps_are_missed() -> None:
    pairs = read_pairs()

    quality = quality_at(THRESHOLD, score_by_ours(pairs), pairs)

    assert quality.precision >= 0.77
    assert quality.recall >= 0.87


def test_it_ranks_better_than_comparing_letters() -> None:
    pairs = read_pairs()

    assert average(score_by_ours(pairs), pairs) > average(score_by_tokens(pairs), pairs) + 0.1
