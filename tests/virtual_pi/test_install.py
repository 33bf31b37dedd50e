"""deploy/install.sh as a user meets it: the first time, again, from an older version, and the other way."""

import pytest

from focuscam import __version__
from tests.virtual_pi.virtual_pi import CHECKOUT


def left_behind(pi):
    """What is on the Pi of focuscam, apart from the user's checkout and what tests put there."""
    found = pi.run(
        "find / -xdev -iname '*focuscam*' -not -path '/home/*' -not -path '/tmp/*' -not -path '/var/log/*' "
        "-not -path '/run/*' -not -path '*focuscam.service.d*' -not -path '/sys/*' -not -path '/proc/*'",
        check=False,
    )
    return set(found.split())


def test_the_unit_is_valid_and_tightly_sandboxed(pi):
    said = pi.run("systemd-analyze verify focuscam.service")
    assert "focuscam.service:" not in said, said
    report = pi.run(f"systemd-analyze security --no-pager --offline=yes {CHECKOUT}/deploy/focuscam.service")
    exposure = float(report.rsplit("focuscam.service:", 1)[1].split()[0])
    assert exposure <= 1.5


def test_it_says_what_to_look_at(pi):
    last = pi.said.strip().splitlines()[-1]
    assert last.startswith(f"focuscam {__version__} is running")
    assert "systemctl status focuscam" in last


def test_everybody_has_the_command_and_its_user_may_talk_to_the_service(pi):
    for user in ("ada", "bob"):
        assert pi.run("focuscam --version", user=user).strip() == f"focuscam {__version__}"
    assert "focuscam" in pi.run("id -nG ada").split()
    assert "focuscam" not in pi.run("id -nG bob").split()


def test_everybodys_programs_have_the_sensor_and_those_of_its_user_may_ask_the_service(pi):
    where = "python3 -c 'import focuscam; from focuscam import FocusSensor; print(focuscam.__file__)'"
    for user in ("ada", "bob"):
        assert pi.run(where, user=user).startswith("/usr/local/lib/python3")
    look = (
        "python3 -c 'from focuscam import FocusSensor; s = FocusSensor(); "
        'print(s.wait_for_active(30), s.reading["source"])\''
    )
    assert pi.run(look, user="ada").strip() == "True imx477 1296x972"
    status, said = pi.ended(look, user="bob")
    assert status == 1
    assert "usermod -aG focuscam" in said


def test_a_dry_run_changes_nothing(pi):
    before = left_behind(pi)
    for option in ("", "--uninstall", "--purge"):
        said = pi.run(f"{CHECKOUT}/deploy/install.sh --dry-run {option}", user="ada")
        assert "would run: " in said
    assert left_behind(pi) == before
    assert pi.service("ActiveState") == "active"


def test_without_root_it_refuses_and_says_how(pi):
    status, said = pi.ended(f"{CHECKOUT}/deploy/install.sh", user="ada")
    assert status == 1
    assert "sudo deploy/install.sh" in said


@pytest.mark.parametrize(
    ("trick", "words"),
    [
        ("printf 'ID=arch\\nVERSION_ID=1\\n' >/tmp/os; mount --bind /tmp/os /etc/os-release", "this is arch 1"),
        (
            "printf '#!/bin/sh\\necho armhf\\n' >/tmp/dpkg; chmod +x /tmp/dpkg; mount --bind /tmp/dpkg /usr/bin/dpkg",
            "64 bit",
        ),
        ("mount -t tmpfs -o size=10M tmpfs /opt", "700 MB"),
    ],
    ids=["another system", "32 bit", "a full disk"],
)
def test_where_it_cannot_work_it_refuses_before_it_changes_anything(pi, trick, words):
    before = left_behind(pi)
    status, said = pi.ended(f'unshare --mount sh -c "{trick}; {CHECKOUT}/deploy/install.sh"')
    assert status == 1, said
    assert said.startswith("focuscam was not installed: ")
    assert words in said
    assert len(said.strip().splitlines()) == 1
    assert left_behind(pi) == before


def test_upgrade_uninstall_and_installing_again(pi):
    pi.check_out(version="0.0.1")
    assert "focuscam 0.0.1 is running" in pi.install()
    pi.settings("# mine\n[focus]\nhold_s = 0.4\n")

    pi.check_out()
    assert f"focuscam {__version__} is running" in pi.install()
    assert "# mine" in pi.run("cat /etc/focuscam/focuscam.toml"), "the upgrade took the user's settings"

    said = pi.install("--uninstall")
    assert "/etc/focuscam" in said
    assert left_behind(pi) == {"/etc/focuscam", "/etc/focuscam/focuscam.toml"}
    assert pi.ended("getent passwd focuscam; getent group focuscam")[1] == ""
    assert not pi.lit()
    assert pi.install("--uninstall"), "there is nothing left to remove, and that is no failure"

    assert f"focuscam {__version__} is running" in pi.install()
    assert "# mine" in pi.run("cat /etc/focuscam/focuscam.toml")

    pi.run("cp -r /etc/systemd/system/focuscam.service.d /var/tmp/kept.d")
    pi.install("--purge")
    assert left_behind(pi) == set()
    pi.run("mv /var/tmp/kept.d /etc/systemd/system/focuscam.service.d")
