"""The Debian package as a user meets it: over the script's installation and back, upgraded, broken off, removed."""

import time
from pathlib import Path

import pytest

from focuscam import __version__
from tests.virtual_pi.packages import PLACE, bring, bring_camera_stack, made, stand_in, take_camera_stack_away
from tests.virtual_pi.test_install import left_behind
from tests.virtual_pi.virtual_pi import CHECKOUT, REPOSITORY, VirtualPi

OLDER = "0.0.1"
MOMENTS = 10
MINE = "# mine\n[focus]\nhold_s = 0.4\n"


class Packages:
    """What there is to install, on a Pi that has the camera stack of Raspberry Pi OS."""

    def __init__(self, pi: VirtualPi, scratch: Path):
        self.pi = pi
        bring_camera_stack(pi, scratch)
        self.older = bring(pi, made(OLDER, scratch))
        self.newer = bring(pi, made(__version__, scratch))
        self.foreign = bring(pi, stand_in("focuscam", scratch, "arm64"))

    def install(self, file: str, answer: str = "") -> str:
        """What apt says to ada, who has no network."""
        command = f"SUDO_USER=ada unshare --net apt-get install -y --allow-downgrades {file}"
        return self.pi.run(f"echo '{answer}' | {command}" if answer else command)

    def runs(self, version: str) -> None:
        """The service is that of a version, and scores frames."""
        self.pi.wait_for("active", 60)
        assert self.pi.run("focuscam --version", user="bob").strip() == f"focuscam {version}"
        assert self.pi.run("focuscam status", user="ada")

    def installed(self) -> str:
        return self.pi.run("dpkg-query -W -f '${db:Status-Abbrev}${Version}' focuscam", check=False).strip()


@pytest.fixture(scope="module")
def packages(installed, tmp_path_factory):
    """The Pi has focuscam from the script, and gets that back in the end."""
    installed.mend()
    yield Packages(installed, tmp_path_factory.mktemp("packages"))
    installed.run(f"apt-get purge -y focuscam; rm -rf /etc/focuscam {PLACE}")
    take_camera_stack_away(installed)
    installed.check_out()
    installed.install()


@pytest.fixture
def older(packages):
    """The older package is installed and runs, with the shipped settings."""
    if packages.installed() != f"ii {OLDER}+deb13":
        packages.pi.run("rm -f /etc/focuscam/focuscam.toml")
        packages.pi.run(f"dpkg -i --force-confmiss,confold {packages.older}")
    packages.pi.mend()
    packages.runs(OLDER)
    return packages


def test_over_the_scripts_installation_and_back(packages):
    pi = packages.pi
    pi.settings(MINE)
    said = packages.install(packages.older, "N")  # dpkg asks whose settings are to stay: mine
    packages.runs(OLDER)
    assert pi.run("cat /etc/focuscam/focuscam.toml") == MINE, said
    by_hand = [line.split() for line in (REPOSITORY / "deploy/files").read_text().splitlines() if line[:1] not in "#u"]
    places = " ".join(line[2].replace("PYTHON", "python3*") for line in by_hand)
    assert pi.run(f"ls {places} 2>/dev/null", check=False) == ""
    assert "ada" in pi.run("getent group focuscam")
    where = "python3 -c 'import focuscam; from focuscam import FocusSensor; print(focuscam.__file__)'"
    assert pi.run(where, user="bob").startswith("/usr/lib/python3/dist-packages")
    assert pi.service("UnitFileState") == "enabled"

    status, said = pi.ended(f"{CHECKOUT}/deploy/install.sh --uninstall")
    assert status == 1
    assert "apt remove focuscam" in said
    packages.runs(OLDER)

    assert f"focuscam {__version__} is running" in pi.install()
    assert pi.run("cat /etc/focuscam/focuscam.toml") == MINE
    assert packages.installed() == f"rc {OLDER}+deb13"
    assert pi.run("ls -d /usr/lib/focuscam /opt/focuscam.new 2>/dev/null", check=False) == ""
    packages.runs(__version__)


def test_an_upgrade_keeps_the_settings_and_whether_it_starts_with_the_machine(older):
    pi = older.pi
    pi.settings(MINE)
    pi.run("systemctl disable focuscam")
    older.install(older.newer)
    older.runs(__version__)
    assert pi.run("cat /etc/focuscam/focuscam.toml") == MINE
    assert pi.service("UnitFileState") == "disabled"
    pi.run("systemctl enable focuscam")
    assert pi.run("ls /usr/lib/focuscam").split() == [f"{__version__}+deb13"]


def test_broken_off_at_any_moment_it_leaves_a_service_that_runs(older):
    pi = older.pi
    began = time.monotonic()
    pi.run(f"dpkg -i {older.newer}")
    whole = time.monotonic() - began
    other, seen = older.older, []
    for moment in range(MOMENTS):
        when = whole * (moment + 0.5) / MOMENTS
        pi.run(f"timeout --signal=KILL {when:.2f} dpkg -i {other}", check=False)
        state = older.installed()
        pi.run("systemctl restart focuscam", timeout=60)
        pi.wait_for("active")
        version = pi.run("focuscam --version").split()[-1]
        assert version in (OLDER, __version__)
        pi.run("focuscam status", user="ada")
        seen.append((round(when, 1), state, version))
        pi.run(f"dpkg -i {other}")
        assert pi.run("ls /usr/lib/focuscam").split() == [Path(other).name.split("_")[1]]
        other = older.newer if other == older.older else older.older
    print(*seen, sep="\n")
    assert len({state for _, state, _ in seen}) > 1, "all of the moments fell into the same step"


def test_unpacked_and_no_further_the_old_one_runs_after_a_restart(older):
    older.pi.run(f"dpkg --unpack {older.newer}")
    older.pi.run("systemctl restart focuscam")
    older.runs(OLDER)
    older.pi.run("dpkg --configure -a")
    older.runs(__version__)


@pytest.mark.parametrize(
    ("trick", "words"),
    [
        (
            "printf '#!/bin/sh\\necho armhf\\n' >/tmp/print; chmod +x /tmp/print; cp /usr/bin/dpkg /tmp/really; "
            "mount --bind /tmp/print /usr/bin/dpkg; /tmp/really -i {newer}",
            "64 bit",
        ),
        (
            "printf '#!/bin/sh\\necho Avail\\necho 9M\\n' >/tmp/df; chmod +x /tmp/df; "
            "mount --bind /tmp/df /usr/bin/df; dpkg -i {newer}",
            "and 9 MB are free",
        ),
        (
            "printf '#!/bin/sh\\necho python3.11\\n' >/tmp/python; chmod +x /tmp/python; "
            "mount --bind /tmp/python /usr/bin/python3; dpkg -i {newer}",
            "this system has python3.11",
        ),
    ],
    ids=["32 bit", "a full disk", "another release"],
)
def test_where_it_cannot_work_it_says_so_and_the_old_one_runs_on(older, trick, words):
    pid = older.pi.main_pid()
    status, said = older.pi.ended(f'unshare --mount bash -c "{trick.format(newer=older.newer)}"')
    assert status == 1, said
    [sentence] = [line for line in said.splitlines() if line.startswith("focuscam was not installed: ")]
    assert words in sentence
    assert older.installed() == f"ii {OLDER}+deb13"
    older.runs(OLDER)
    assert older.pi.main_pid() == pid


def test_a_package_for_another_architecture_is_refused_and_the_old_one_runs_on(older):
    pid = older.pi.main_pid()
    status, said = older.pi.ended(f"dpkg -i {older.foreign}")
    assert status == 1
    assert "does not match system (amd64)" in said
    older.runs(OLDER)
    assert older.pi.main_pid() == pid


def test_without_the_camera_stack_dpkg_is_told_what_is_missing_and_apt_refuses(older):
    pid = older.pi.main_pid()
    older.pi.run("dpkg --remove --force-depends python3-lgpio")
    status, said = older.pi.ended(f"dpkg -i {older.newer}")
    assert status == 1
    assert "it needs python3-lgpio from apt: `sudo apt install" in said
    assert older.installed() == f"ii {OLDER}+deb13"
    status, said = older.pi.ended(f"apt-get install -y {older.newer}")
    assert status == 100
    assert "python3-lgpio" in said
    older.runs(OLDER)
    assert older.pi.main_pid() == pid
    older.pi.run(f"dpkg -i {PLACE}/python3-lgpio_0_all.deb")


def test_a_disk_that_fills_up_while_it_is_unpacked_leaves_the_old_one_whole(older):
    tree = f"/usr/lib/focuscam/{__version__}+deb13"
    full = f"mkdir -p {tree}; mount -t tmpfs -o size=20M tmpfs {tree}; dpkg -i {older.newer}"
    status, said = older.pi.ended(f'unshare --mount sh -c "{full}"')
    assert status == 1
    assert "No space left on device" in said
    assert older.installed() == f"ii {OLDER}+deb13"
    older.pi.run("systemctl restart focuscam")
    older.runs(OLDER)


def test_removed_it_leaves_settings_and_stills_and_purged_nothing(older):
    pi = older.pi
    pi.settings(MINE)
    still = "/var/lib/focuscam/stills/one.jpg"
    pi.run(f"install -D -o focuscam /dev/null {still}; touch /var/lib/focuscam/settings.toml /var/lib/focuscam/other")
    pi.run("apt-get remove -y focuscam")
    kept = {"/etc/focuscam", "/etc/focuscam/focuscam.toml", "/var/lib/focuscam"}
    known = {f"/var/lib/dpkg/info/focuscam.{each}" for each in ("list", "postrm")}
    assert {each for each in left_behind(pi) if not each.startswith(PLACE)} == kept | known
    assert pi.run("ls -A /var/lib/focuscam").split() == ["settings.toml", "stills"]
    assert pi.run(f"stat -c %U {still}").strip() == "root"
    assert pi.run("cat /etc/focuscam/focuscam.toml") == MINE
    assert pi.ended("getent passwd focuscam; getent group focuscam")[1] == ""
    assert not pi.lit()

    older.install(older.newer)
    older.runs(__version__)
    assert pi.run("cat /etc/focuscam/focuscam.toml") == MINE
    assert pi.run(f"stat -c %U {still}").strip() == "focuscam"
    assert pi.service("UnitFileState") == "enabled"

    pi.run("cp -r /etc/systemd/system/focuscam.service.d /var/tmp/kept.d")
    pi.run("apt-get purge -y focuscam")
    assert {each for each in left_behind(pi) if not each.startswith(PLACE)} == set()
    pi.run("mv /var/tmp/kept.d /etc/systemd/system/focuscam.service.d")
