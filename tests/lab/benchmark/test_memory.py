from itertools import pairwise, takewhile

import pytest

from lab.benchmark import memory


@pytest.fixture(scope="module")
def steps():
    return list(memory.steps())


def test_what_only_some_services_want_is_not_loaded_before_it_is_wanted(steps):
    always = list(takewhile(lambda row: not row["when"].startswith("only"), steps))
    assert always[-1]["when"] == "the first score"
    loaded = {package for row in always for package in row["packages"]}
    assert {"numpy", "cv2"} <= loaded
    assert not {"PIL", "prompt_toolkit", "chafa", "tqdm", "tensorflow"} & loaded
    assert len({"ai_edge_litert", "tflite_runtime"} & loaded) == 1, "the other runtime was loaded for nothing"


def test_each_step_tells_its_memory_and_none_gives_much_back(steps):
    sizes = [row["MB"] for row in steps]
    assert 5 < sizes[0] < 40
    assert all(after > before - 5 for before, after in pairwise(sizes))
    assert "| the network |" in memory.table(steps, {})


@pytest.mark.parametrize(("source", "most"), [("recorded frames of 2028x1520", 120), ("simulated lens", 205)])
def test_a_service_without_readers_fits_a_small_pi(source, most):
    """Measured: 98 and 170; libraries are resident as far as the kernel happens to have read them."""
    assert memory.of(source) < most
