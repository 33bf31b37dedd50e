from random import Random

from lab.fuzzing.damage import bytes_damaged, json_damaged


def test_the_same_seed_makes_the_same_damage():
    value = {"a": [1, 2, {"b": "c"}], "d": None}
    for seed in range(50):
        assert bytes_damaged(b"abcdef", Random(seed)) == bytes_damaged(b"abcdef", Random(seed))
        assert repr(json_damaged(value, Random(seed))) == repr(json_damaged(value, Random(seed)))
    assert value == {"a": [1, 2, {"b": "c"}], "d": None}
