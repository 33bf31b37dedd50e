"""The contiguous memory under the names that kernels give it, with the list of names that picamera2 has."""

import sys
import types

import pytest

from focuscam.cameras.heaps import strange_heap, tell_picamera2


@pytest.fixture
def dev(tmp_path):
    (tmp_path / "dma_heap").mkdir()
    return tmp_path


@pytest.fixture
def known(monkeypatch):
    """Where picamera2 looks."""
    names = ["/dev/dma_heap/vidbuf_cached", "/dev/dma_heap/linux,cma"]
    module = types.SimpleNamespace(heapNames=names)
    monkeypatch.setitem(sys.modules, "picamera2", types.SimpleNamespace(dma_heap=module))
    return names


@pytest.mark.parametrize("name", ["reserved", "default_cma_region", "default-pool"])
def test_a_heap_with_another_name_is_told_to_picamera2_once(dev, known, name):
    (dev / "dma_heap" / name).touch()
    assert strange_heap(dev).name == name
    for _ in range(2):
        tell_picamera2(dev)
    assert known[2:] == [str(dev / "dma_heap" / name)]


@pytest.mark.parametrize("name", ["vidbuf_cached", "linux,cma"])
def test_where_picamera2_finds_one_itself_it_is_left_alone(dev, known, name):
    for each in (name, "default_cma_region", "system"):
        (dev / "dma_heap" / each).touch()
    tell_picamera2(dev)
    assert strange_heap(dev) is None
    assert len(known) == 2


def test_memory_that_is_not_contiguous_will_not_do(dev, known):
    (dev / "dma_heap/system").touch()
    assert strange_heap(dev) is None


def test_a_picamera2_with_no_such_list_is_no_error(dev, monkeypatch):
    (dev / "dma_heap/reserved").touch()
    monkeypatch.setitem(sys.modules, "picamera2", types.SimpleNamespace())
    tell_picamera2(dev)
