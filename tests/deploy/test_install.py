"""What deploy/install.sh would do on systems that the virtual Pi is not: said by --dry-run, nothing is changed."""

import os
import platform
import shutil
import subprocess
from pathlib import Path

import pytest

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
RASPBERRY_PI_OS = ("python3-picamera2", "python3-libcamera", "python3-lgpio")
DEBIAN = platform.freedesktop_os_release() if Path("/etc/os-release").exists() else {}

pytestmark = pytest.mark.skipif(
    DEBIAN.get("ID") != "debian" or DEBIAN.get("VERSION_ID") not in ("12", "13") or not shutil.which("systemctl"),
    reason="install.sh is for Debian 12 and 13 with systemd",
)


@pytest.fixture
def dry_run(tmp_path):
    """(status, what is said) of install.sh --dry-run where apt knows certain packages and the machine is another."""

    def run(*options, apt=RASPBERRY_PI_OS, architecture="arm64", **others):
        for name, script in {
            "apt-cache": f'case " {" ".join(apt)} " in *" $2 "*) ;; *) exit 100 ;; esac',
            "dpkg": f"echo {architecture}",
            **others,
        }.items():
            (tmp_path / name).write_text(f"#!/bin/sh\n{script}\n")
            (tmp_path / name).chmod(0o755)
        done = subprocess.run(
            [DEPLOY / "install.sh", "--dry-run", *options],
            env=os.environ | {"PATH": f"{tmp_path}:{os.environ['PATH']}", "SUDO_USER": "ada"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        return done.returncode, done.stdout

    return run


def test_on_raspberry_pi_os_the_hardware_libraries_come_from_apt(dry_run):
    status, said = dry_run()
    assert status == 0, said
    [apt] = [line for line in said.splitlines() if "apt-get install" in line]
    assert {"python3-picamera2", "python3-lgpio", "python3-systemd", "python3-venv"} <= set(apt.split())
    assert "gcc" not in apt.split()
    assert "picamera]" not in said


def test_a_new_picamera2_gets_the_libcamera_that_it_was_made_for(dry_run):
    status, said = dry_run()
    assert status == 0, said
    [apt] = [line for line in said.splitlines() if "apt-get install" in line]
    assert {"python3-picamera2", "python3-libcamera", "libcamera-ipa"} <= set(apt.split())


def test_where_apt_has_no_picamera2_pypis_runs_on_apts_libcamera(dry_run):
    status, said = dry_run(apt=("python3-libcamera",))
    assert status == 0, said
    [apt] = [line for line in said.splitlines() if "apt-get install" in line]
    assert {"python3-libcamera", "gcc", "python3-dev"} <= set(apt.split())
    assert "[page,picamera]" in said
    assert "no python3-lgpio here" in said


def test_where_apt_has_no_libcamera_either_it_refuses(dry_run):
    status, said = dry_run(apt=())
    assert status == 1
    assert "use Raspberry Pi OS" in said


def test_on_32_bit_it_refuses(dry_run):
    status, said = dry_run(architecture="armhf")
    assert status == 1
    assert said.startswith("focuscam was not installed: this system is armhf")


NO_OPT = 'for last; do :; done; [ "$last" != /opt ] || exit 1; echo Avail; echo'


@pytest.mark.parametrize(("free", "status"), [("9000M", 0), ("90M", 1)])
def test_where_there_is_no_opt_yet_the_root_file_system_has_to_have_room(dry_run, free, status):
    found, said = dry_run(df=f"{NO_OPT} {free}")
    assert found == status, said
    assert ("it needs 700 MB" in said) == (status == 1)


def test_whatever_fails_it_never_ends_without_a_word(dry_run):
    status, said = dry_run(tr="exit 3")
    assert status
    assert "focuscam was not installed: line" in said


def test_the_one_who_installs_may_use_the_socket(dry_run):
    assert "usermod -aG focuscam ada" in dry_run()[1]


def test_the_button_may_switch_off_the_machine_for_as_long_as_focuscam_is_installed(dry_run):
    assert "polkit/50-focuscam.rules /etc/polkit-1/rules.d/50-focuscam.rules" in dry_run()[1]
    assert "/etc/polkit-1/rules.d/50-focuscam.rules" in dry_run("--uninstall")[1]


def test_both_shells_complete_its_commands_for_as_long_as_it_is_installed(dry_run):
    installed, removed = dry_run()[1], dry_run("--uninstall")[1]
    for file in ("bash-completion/completions/focuscam", "zsh/site-functions/_focuscam"):
        assert f"/usr/local/share/{file}" in installed
        assert f"/usr/local/share/{file}" in removed


def test_the_systems_python_gets_the_package_and_nothing_else_of_the_environment(dry_run):
    said = dry_run(apt=(*RASPBERRY_PI_OS, "python3-gpiozero"))[1]
    [link] = [line for line in said.splitlines() if "dist-packages/focuscam" in line]
    assert link.split()[2:4] == ["ln", "-sfn"]
    assert link.split()[4].endswith("site-packages/focuscam")
    assert "python3-gpiozero" in said
    assert "dist-packages/focuscam" in dry_run("--uninstall")[1]


def test_the_page_is_installed_and_left_off(dry_run):
    _, said = dry_run()
    assert "[page" in said
    assert "focuscam-page.service" in said
    assert "enable focuscam-page" not in said
    assert "/var/lib/focuscam-page" in dry_run("--uninstall")[1]


def test_an_option_that_it_does_not_know_gets_the_usage(dry_run):
    status, said = dry_run("--unistall")
    assert status == 2
    assert "--uninstall" in said


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not here")
@pytest.mark.parametrize("unit", ["focuscam.service", "focuscam-page.service"])
def test_the_units_are_tightly_sandboxed(unit):
    command = ["systemd-analyze", "security", "--no-pager", "--offline=yes", DEPLOY / unit]
    report = subprocess.run(command, capture_output=True, text=True)
    if "Overall exposure" not in report.stdout:
        pytest.skip(f"this systemd-analyze cannot judge a file: {report.stderr}")
    assert float(report.stdout.rsplit(f"{unit}:", 1)[1].split()[0]) <= 1.5
