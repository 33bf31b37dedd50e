from random import Random

from lab.fuzzing import protocol
from lab.fuzzing.judge import faults, run


def test_a_server_answers_a_hundred_requests_that_make_no_sense(tmp_path):
    case = protocol.requests(tmp_path, tmp_path, Random(1))
    assert faults(case, run(case, tmp_path)) == []


def test_a_daemon_that_talks_nonsense_ends_a_command_with_a_status_that_it_may_have(tmp_path):
    case = protocol.daemons(tmp_path, tmp_path, Random(2))
    assert run(case, tmp_path).status in case.statuses
