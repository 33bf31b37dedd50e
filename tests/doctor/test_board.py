import pytest


def test_the_system_is_named(machine):
    assert "Debian GNU/Linux 13 (trixie)" in machine.examined()["system"]


def test_a_machine_that_is_no_pi_is_not_asked_for_what_only_a_pi_tells(machine):
    machine.program("vcgencmd", "echo throttled=0x5")
    seen = machine.examined()
    assert seen["board"].startswith("-")
    assert "power" not in seen
    assert "temperature" not in seen
    assert seen.fine


def test_a_healthy_pi_has_power_and_a_cool_head(machine):
    machine.is_a_pi()
    seen = machine.examined()
    assert seen["board"].startswith("ok")
    assert "Raspberry Pi 4 Model B Rev 1.4" in seen["board"]
    assert seen["power"].startswith("ok")
    assert "48 degrees C" in seen["temperature"]


@pytest.mark.parametrize(
    ("bits", "mark", "words"),
    [
        ("0x50005", "FAILED", "now: under-voltage, throttled (0x50005)"),
        ("0x50000", "FAILED", "since the start: under-voltage, throttled (0x50000)"),
        ("0xe0008", "FAILED", "now: the soft temperature limit is reached; since the start: the processor's frequency"),
        ("0x80000", "ok", "since the start: the soft temperature limit is reached (0x80000)"),
        ("0x20002", "FAILED", "now: the processor's frequency is capped (0x20002)"),
    ],
)
def test_the_bits_of_a_pi_are_told_in_words(machine, bits, mark, words):
    machine.is_a_pi(throttled=bits)
    line = machine.examined()["power"]
    assert line.startswith(mark)
    assert words in line


def test_a_weak_supply_and_heat_have_cures_of_their_own(machine):
    machine.is_a_pi(throttled="0x10001")
    assert "power supply" in machine.examined()["power"]
    machine.is_a_pi(throttled="0x80008")
    assert "heat sink" in machine.examined()["power"]


def test_without_vcgencmd_the_kernel_is_asked_which_writes_its_bits_without_0x(machine):
    machine.is_a_pi()
    machine.program("vcgencmd", "exit 255")
    machine.file("sys/devices/platform/soc/soc:firmware/get_throttled", "50000\n")
    assert "since the start: under-voltage, throttled (0x50000)" in machine.examined()["power"]


@pytest.mark.parametrize("script", ["echo 'VCHI initialization failed'; exit 255", "echo throttled=", "exec sleep 60"])
def test_a_pi_that_does_not_tell_of_its_power_is_no_failure(machine, script):
    machine.is_a_pi()
    machine.program("vcgencmd", script)
    assert machine.examined()["power"].startswith("-")


def test_a_pi_that_slows_down_for_heat_is_told_so(machine):
    machine.is_a_pi()
    machine.file("sys/class/thermal/thermal_zone0/temp", "83000\n")
    line = machine.examined()["temperature"]
    assert line.startswith("FAILED")
    assert "83 degrees C: from 80 on it slows down" in line


@pytest.mark.parametrize(("free_kb", "said"), [(900_000, False), (20_000, True)])
def test_memory_is_spoken_of_only_where_it_runs_out(machine, free_kb, said):
    machine.file("proc/meminfo", f"MemTotal:  948304 kB\nMemAvailable:  {free_kb} kB\n")
    assert ("memory" in machine.examined()) == said
