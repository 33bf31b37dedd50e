from lab.benchmark.first_score import start_up


def test_a_fresh_process_comes_to_its_first_score_and_tells_its_memory():
    told = start_up(None, 1)
    assert 0.1 < told["start to first score, s"] < 60
    assert 0.01 < told["focuscam status, s"] < 60
    assert 20 < told["memory after it, MB"] < 2000
