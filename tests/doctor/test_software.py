import sys

import pytest

from focuscam.doctor.software import PACKAGES


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """Say that a package has this version, as pip leaves it behind, before all others."""
    site = tmp_path / "site-packages"

    def it(package, version):
        folder = site / f"{package.replace('-', '_')}-{version}.dist-info"
        folder.mkdir(parents=True)
        (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: {version}\n")
        monkeypatch.syspath_prepend(site)

    return it


@pytest.fixture
def runtimes(monkeypatch):
    """Only these TFLite runtimes can be imported."""

    def it(*modules):
        for module in ("ai_edge_litert.interpreter", "tflite_runtime.interpreter"):
            monkeypatch.setitem(sys.modules, module, sys if module in modules else None)

    return it


def test_every_package_is_told_with_its_version(machine):
    line = machine.examined()["packages"]
    assert line.startswith("ok")
    assert all(f"{package} " in line for package in PACKAGES)


def test_numpy_2_under_tflite_runtime_is_a_failure_with_its_cure(machine, installed, runtimes):
    installed("numpy", "2.4.6")
    runtimes("tflite_runtime.interpreter")
    line = machine.examined()["runtime"]
    assert line.startswith("FAILED")
    assert "does not work with numpy 2.4.6" in line
    assert "-m pip install 'numpy<2'`" in line


def test_numpy_2_is_fine_with_litert(machine, installed, runtimes):
    installed("numpy", "2.4.6")
    runtimes("tflite_runtime.interpreter", "ai_edge_litert.interpreter")
    line = machine.examined()["runtime"]
    assert line.startswith("ok  runtime        litert")
    assert "tflite" in line


def test_a_machine_without_a_runtime_is_told_what_to_install(machine, runtimes):
    runtimes()
    assert "-m pip install ai-edge-litert`" in machine.examined()["runtime"]
