"""Thresholds of explanations: what is left above them is counted, and what did not end is never left."""

import calibrate_explain as calibrate


def test_table_counts_what_is_left_above_each_threshold():
    points = [(-0.5, 0.9), (-0.95, 0.5), (-1.1, 0.1), (-2.0, 0.0)]
    rows = {line.split("|")[1].strip(): line for line in calibrate.table(points).splitlines()[2:]}
    assert rows["-9.9"] == "| -9.9 | 100% | 0.375 | 50% | 50% |"
    assert rows["-1.0"] == "| -1.0 | 50% | 0.700 | 100% | 0% |"
    assert rows["-0.5"] == "| -0.5 | 25% | 0.900 | 100% | 0% |"
    assert "-0.4" not in rows


def test_score_takes_the_mean_per_token_and_refuses_what_did_not_end():
    rows = [{"tgt": "List all files"}, {"tgt": "List all files"}]
    results = [
        {"text": "list all files", "logProbability": -4.0, "ids": [0, 5, 6, 7, 1], "ended": True},
        {"text": "list all files", "logProbability": -1.0, "ids": [0, 5], "ended": False},
    ]
    assert calibrate.score(rows, results) == [(-1.0, 1.0), (float("-inf"), 1.0)]
