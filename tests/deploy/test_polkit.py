"""What the rule for the shutdown button allows, asked of the real polkit, on a bus and with users of its own."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

RULES = Path(__file__).resolve().parents[2] / "deploy" / "polkit"
POLKITD = Path("/usr/lib/polkit-1/polkitd")

pytestmark = pytest.mark.skipif(
    os.geteuid() != 0 or not (POLKITD.exists() and all(map(shutil.which, ("dbus-daemon", "pkcheck", "unshare")))),
    reason="asking polkit needs root, polkitd, pkcheck, dbus-daemon and unshare",
)

BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><listen>unix:path={}</listen><auth>EXTERNAL</auth><policy context="default"><allow user="*"/><allow own="*"/>
<allow send_destination="*"/><allow receive_sender="*"/></policy></busconfig>"""

ASK = """
import json, os, subprocess, sys, time
folder, rules, polkitd, actions = *sys.argv[1:4], json.loads(sys.argv[4])
for there, ours in (("/etc/polkit-1/rules.d", rules), ("/etc/passwd", f"{folder}/passwd")):
    subprocess.run(["mount", "--bind", ours, there], check=True)
os.environ["DBUS_SYSTEM_BUS_ADDRESS"] = f"unix:path={folder}/bus"
quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
ours = [subprocess.Popen(["dbus-daemon", f"--config-file={folder}/bus.conf", "--nofork"], **quiet)]
while not os.path.exists(f"{folder}/bus"):
    time.sleep(0.05)
ours.append(subprocess.Popen([polkitd, "--no-debug"], **quiet))
asking = {user: subprocess.Popen(["sleep", "100"], user=user) for user in ("focuscam", "nobody")}
ours += asking.values()
allowed = []
for user, process in asking.items():
    for action in actions:
        command = ["pkcheck", "--action-id", f"org.freedesktop.login1.{action}", "--process", str(process.pid)]
        for _ in range(100):
            done = subprocess.run(command, capture_output=True)
            if done.returncode in (0, 1, 2):  # yes, no, only with a password
                break
            time.sleep(0.1)
        allowed += [f"{user} {action}"] if done.returncode == 0 else []
for process in ours:
    process.kill()
print(json.dumps(allowed))
"""


def test_the_services_user_may_switch_off_and_nothing_else_and_nobody_else():
    actions = ["power-off", "power-off-multiple-sessions", "power-off-ignore-inhibit", "reboot"]
    scratch = Path("/run") / f"focuscam-test-{os.getpid()}"  # a path short enough for a socket, open to polkitd
    scratch.mkdir()
    try:
        shutil.copytree(RULES, scratch / "rules")
        (scratch / "bus.conf").write_text(BUS.format(scratch / "bus"))
        (scratch / "passwd").write_text(Path("/etc/passwd").read_text() + "focuscam:x:61234:65534::/:/bin/false\n")
        command = ["unshare", "--mount", sys.executable, "-c", ASK]
        done = subprocess.run(
            [*command, scratch, scratch / "rules", POLKITD, json.dumps(actions)],
            capture_output=True,
            text=True,
            timeout=60,
        )
    finally:
        shutil.rmtree(scratch)
    if "mount" in done.stderr and not done.stdout:
        pytest.skip("no mounts can be made here")
    assert json.loads(done.stdout) == ["focuscam power-off", "focuscam power-off-multiple-sessions"], done.stderr
