import pytest


@pytest.fixture
def pi(machine):
    """A Raspberry Pi with so many MB of contiguous memory, of which so many are free, and a heap of that name."""

    def it(total, free, heap="linux,cma"):
        machine.is_a_pi()
        machine.file(
            "proc/meminfo", f"MemAvailable: 400000 kB\nCmaTotal: {total * 1024} kB\nCmaFree: {free * 1024} kB\n"
        )
        machine.file(f"dev/dma_heap/{heap}")
        return machine

    return it


def test_a_pi_4_has_enough_for_everything(pi):
    assert pi(512, 480).examined()["pictures"] == "ok  pictures       512 MB of contiguous memory, 480 of them free"


def test_a_zero_2_w_with_256_mb_gives_up_nothing(pi):
    assert pi(256, 230).examined()["pictures"].startswith("ok")


@pytest.mark.parametrize(
    ("free", "given_up"),
    [(70, "the sensor's finest mode: magnifying and stills show no more"), (30, "frames of full size")],
)
def test_where_there_is_less_it_says_what_is_given_up_and_how_to_have_more(pi, free, given_up):
    line = pi(128, free).examined()["pictures"]
    assert line.startswith("- ")
    assert given_up in line
    assert "`,cma-128`" in line


def test_a_service_that_runs_has_its_share_already(pi):
    machine = pi(256, 20)
    machine.has_the_service()
    assert machine.examined()["pictures"] == "ok  pictures       256 MB of contiguous memory"


def test_a_heap_with_another_name_is_told_with_what_gave_it_that(pi):
    line = pi(256, 230, heap="reserved").examined()["pictures"]
    assert line.startswith("ok")
    assert "`cma=` is taken out of /boot/firmware/cmdline.txt" in line
    assert (
        "as default_cma_region" in pi(256, 230, heap="default_cma_region").examined()["pictures"] or "reserved" in line
    )


def test_a_new_kernels_name_for_the_heap_is_nobodys_fault(pi):
    line = pi(256, 230, heap="default_cma_region").examined()["pictures"]
    assert line.startswith("ok")
    assert "as default_cma_region" in line
    assert "cmdline" not in line


def test_a_machine_that_is_no_pi_is_not_asked(machine):
    assert "pictures" not in machine.examined()
