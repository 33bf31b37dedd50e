import json
import socket

from lab.soak.readers import Readers


def test_readers_ask_for_what_their_kind_wants_and_one_that_was_let_go_is_replaced(tmp_path):
    place = tmp_path / "s"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(place))
        listener.listen()
        listener.settimeout(30)
        readers = Readers(place, ("json", "look"))
        readers.begin()
        try:
            connections = [listener.accept()[0] for _ in "ab"]
            asked = [json.loads(each.makefile("rb").readline()) for each in connections]
            assert sorted("pictures" in each for each in asked) == [False, True]
            for each in connections:
                each.shutdown(socket.SHUT_RDWR)
                each.close()
            for _, process in readers.running:
                process.wait(30)
            readers.mend()
            assert len(readers.running) == 2
            listener.accept()[0].close()
        finally:
            readers.end()
        assert readers.running == []
