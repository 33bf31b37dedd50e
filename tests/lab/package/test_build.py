"""What is in the package, made without a network: wheels that are not there are stood in for."""

import shutil
import subprocess

import pytest

from lab.package import build as made
from lab.package import tree, wheels
from lab.package.releases import RELEASES
from lab.places import REPOSITORY

pytestmark = pytest.mark.skipif(shutil.which("dpkg-deb") is None, reason="a Debian package needs dpkg-deb")


@pytest.fixture
def package(tmp_path, monkeypatch):
    """Make it for a release; a tuple of its fields, by name, and the folder that it was unpacked to."""

    def fetch(requirements, release, architecture, folder):
        for name in (each.split("=")[0].split("<")[0].split(">")[0] for each in requirements):
            (folder / name).mkdir()
            (folder / name / "__init__.py").touch()
            (folder / f"{name}-1.0.dist-info").mkdir()

    monkeypatch.setattr(wheels, "fetch", fetch)

    def make(release):
        file = made.build(REPOSITORY, RELEASES[release], "arm64", tmp_path, ("-Znone",))
        root = tmp_path / release
        subprocess.run(["dpkg-deb", "--raw-extract", file, root], check=True)
        lines = (line.split(": ", 1) for line in (root / "DEBIAN/control").read_text().splitlines() if line[0] != " ")
        return dict(lines), root

    return make


@pytest.mark.parametrize("release", RELEASES)
def test_all_that_is_listed_lies_in_its_place_and_the_environment_beside_it(package, release):
    fields, root = package(release)
    python = f"python{RELEASES[release].python}"
    environment = root / "usr/lib/focuscam" / fields["Version"]
    for line in tree.lines(REPOSITORY):
        place = root / line.packaged.lstrip("/")
        if line.kind == "link":
            leads = place.readlink().relative_to("/opt/focuscam")
            assert (environment / leads).exists(), leads
        else:
            assert place.read_bytes() == (REPOSITORY / "deploy" / line.what).read_bytes()
    assert (environment / "bin/python").readlink().name == python
    assert (environment / f"lib/{python}/site-packages/focuscam/models/focus.tflite").exists()
    assert (root / "DEBIAN/conffiles").read_text() == "/etc/focuscam/focuscam.toml\n"


def test_it_is_for_one_python_and_takes_numpy_from_apt_where_apts_will_do(package):
    fields, root = package("trixie")
    assert fields["Version"].endswith("+deb13")
    assert {"python3 (>= 3.13~)", "python3 (<< 3.14~)", "python3-numpy"} <= set(fields["Depends"].split(", "))
    assert not list(root.rglob("numpy*"))
    fields, root = package("bookworm")
    assert "python3 (<< 3.12~)" in fields["Depends"]
    assert "python3-numpy" not in fields["Depends"]
    assert list(root.rglob("numpy"))


def test_its_scripts_are_whole_and_say_what_they_are_for(package):
    _, root = package("trixie")
    for name in ("preinst", "postinst", "prerm", "postrm"):
        script = root / "DEBIAN" / name
        assert script.stat().st_mode & 0o111
        assert subprocess.run(["bash", "-n", script], capture_output=True).stderr == b""
        # No argument that dpkg may give and that is not named there does anything.
        assert subprocess.run([script, "failed-upgrade"], capture_output=True, text=True).returncode == 0


def test_the_same_checkout_gives_the_same_package(tmp_path, package):
    first = package("trixie") and (tmp_path / f"{_name(tmp_path)}").read_bytes()
    shutil.rmtree(tmp_path / "trixie")
    assert package("trixie")
    assert (tmp_path / _name(tmp_path)).read_bytes() == first


def _name(folder):
    [file] = folder.glob("*.deb")
    return file.name


def test_without_dpkg_it_is_said_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(made.NoPackage, match="apt install dpkg"):
        made.build(REPOSITORY, RELEASES["trixie"], "arm64", tmp_path)
