import pytest

SERVICE = "focuscam video gpio"


def test_root_may_use_everything(machine, monkeypatch):
    monkeypatch.setattr("os.geteuid", lambda: 0)
    machine.has_the_service()
    assert machine.examined()["your groups"].startswith("ok")


def test_who_may_talk_to_the_service_needs_no_devices_while_it_runs(machine, as_ada):
    machine.is_a_pi()
    machine.has_the_service()
    machine.has_users(ada="ada focuscam", focuscam=SERVICE)
    assert machine.examined()["your groups"] == "ok  your groups    ada is in focuscam"


def test_who_was_not_let_in_is_told_the_command(machine, as_ada):
    machine.has_the_service()
    machine.has_users(ada="ada", focuscam=SERVICE)
    line = machine.examined()["your groups"]
    assert line.startswith("FAILED")
    assert "`sudo usermod -aG focuscam ada`, then log out and in again" in line


def test_who_was_let_in_since_the_login_is_told_to_log_in_again(machine, as_ada):
    machine.has_the_service()
    machine.has_users(ada="ada focuscam", session="ada", focuscam=SERVICE)
    line = machine.examined()["your groups"]
    assert line.startswith("FAILED")
    assert "log out and in again" in line
    assert "usermod" not in line


def test_on_a_pi_where_nothing_runs_camera_and_pins_want_their_groups(machine, as_ada):
    machine.is_a_pi()
    machine.has_users(ada="ada video")
    assert "`sudo usermod -aG gpio ada`" in machine.examined()["your groups"]


def test_elsewhere_no_group_is_needed(machine, as_ada):
    machine.has_users(ada="ada")
    assert machine.examined()["your groups"].startswith("-")


def test_the_service_has_groups_from_its_user_and_from_its_unit(machine):
    machine.has_the_service(SupplementaryGroups="gpio")
    machine.has_users(focuscam="focuscam video")
    assert machine.examined()["its groups"].startswith("ok")


@pytest.mark.parametrize(("has", "lacks"), [("focuscam", "video,gpio"), ("focuscam gpio", "video")])
def test_a_service_without_its_groups_is_a_failure(machine, has, lacks):
    machine.has_the_service(SupplementaryGroups="")
    machine.has_users(focuscam=has)
    line = machine.examined()["its groups"]
    assert line.startswith("FAILED")
    assert f"`sudo usermod -aG {lacks} focuscam`, then `sudo systemctl restart focuscam`" in line


def test_a_service_whose_user_is_gone_is_a_failure(machine):
    machine.has_the_service(User="focuscam")
    machine.has_users(ada="ada")
    assert "`sudo systemd-sysusers`" in machine.examined()["its groups"]
