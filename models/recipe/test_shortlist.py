import struct

import numpy as np
import shortlist


def pairs(*rows):
    return [(np.unique([shortlist.NULL, *source]), np.unique(target)) for source, target in rows]


def test_model_1_tells_words_apart_that_stand_together():
    # "the house", "the book", "a book" as in Koehn's textbook example; 0 is the empty word.
    das, haus, buch, ein = 1, 2, 3, 4
    the, house, book, a = 5, 6, 7, 8
    corpus = pairs(([das, haus], [the, house]), ([das, buch], [the, book]), ([ein, buch], [a, book]))
    probability = shortlist.translation_probabilities(corpus * 3, 9, passes=12)
    assert probability[buch].argmax() == book
    assert probability[haus].argmax() == house
    assert probability[das].argmax() == the
    np.testing.assert_allclose(probability[1:5].sum(axis=1), 1, rtol=1e-5)


def test_keeps_the_likeliest_that_are_not_always_in():
    probability = np.zeros((6, 6), np.float32)
    probability[1] = [0, 0.1, 0.2, 0.3, 0.35, 0.05]
    probability[shortlist.NULL, 5] = 1
    rows = shortlist.likely_targets(probability, np.array([4]), most=2, least=0.1)
    assert [list(row) for row in rows] == [[], [2, 3], [], [], [], []]
    rows = shortlist.likely_targets(probability, np.array([4]), most=5, least=0.06)
    assert list(rows[1]) == [1, 2, 3]


def test_counts_sentences_for_the_commonest():
    corpus = pairs(([1], [2, 3]), ([1], [3, 4]), ([1], [3, 4]))
    assert list(shortlist.commonest(corpus, 6, 2)) == [3, 4]


def test_writes_what_the_engine_reads():
    rows = [np.array([], int), np.array([2, 1]), np.array([3])]
    content = shortlist.encode(3, {7: (np.array([0, 2]), rows)})
    assert content[:4] == b"HLSL"
    version, size, tables, tag, *offsets = struct.unpack("<4I5I", content[4:40])
    assert (version, size, tables, tag) == (1, 3, 1, 7)
    assert offsets == [0, 0, 2, 3, 5]
    assert struct.unpack("<5H", content[40:50]) == (2, 1, 3, 0, 2)
    assert content[50:] == b"\0\0"
