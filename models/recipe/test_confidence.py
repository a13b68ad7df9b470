"""The area under the curve against its definition, and the line that is drawn."""

import itertools
import random

import confidence


def test_the_area_is_the_share_of_pairs_in_the_right_order():
    rng = random.Random(3)
    scores = [rng.randrange(12) for _ in range(60)]
    labels = [int(rng.random() < 0.4) for _ in scores]
    pairs = [
        1.0 if bad > good else 0.5 if bad == good else 0.0
        for (bad, is_bad), (good, is_good) in itertools.product(zip(scores, labels), repeat=2)
        if is_bad and not is_good
    ]
    assert abs(confidence.area(scores, labels) - sum(pairs) / len(pairs)) < 1e-12
    assert confidence.area([1, 2, 3, 4], [0, 0, 1, 1]) == 1
    assert confidence.area([4, 3, 2, 1], [0, 0, 1, 1]) == 0


def test_the_worse_half_and_the_marked_share():
    assert confidence.worse_half([5, 1, 9, 3]) == [0, 1, 0, 1]
    assert confidence.quantile([-3.0, -1.0, -2.0, 0.0] * 5, 0.25) == -2.0


def test_segments_weigh_by_their_length_and_kept_ones_do_not_count():
    segments = [
        {"targetStart": 0, "targetEnd": 30, "logProbability": -1.0},
        {"targetStart": 31, "targetEnd": 41, "logProbability": -2.0},
        {"targetStart": 42, "targetEnd": 90},
    ]
    assert confidence.mean_log_probability(segments) == -1.25
    assert confidence.mean_log_probability(segments[2:]) is None
