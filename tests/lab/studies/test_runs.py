PROGRAM = """
import json, sys
from pathlib import Path
import numpy as np
from lab.studies import runs
from lab.studies.pictures import Pictures
from lab.training.kaggle import Photo

class Knows:
    def predict(self, x, batch, verbose):
        return x[:, 0, 0, :1]

photos = [Photo(Path(f"{n}{kind}"), str(n), "A", kind) for n in range(2) for kind in "SFM"]
x = np.zeros((6, 4, 4, 3), np.float32)
x[[0, 3, 4]] = 1  # both sharp ones, and one that is out of focus
print(json.dumps(runs.asked(Knows(), Pictures(x, photos))))
work = Path(sys.argv[1])
run = runs.Run(3, 36, "scene", 1)
pictures = Pictures(x, photos)
said = {"held_out": {"S": [1, 1]}, "unseen": None}
import hashlib
name = f"seed-{hashlib.sha256(x.tobytes()).hexdigest()[:8]}-3-36-scene-1"
(work / f"{name}.json").write_text(json.dumps({"epochs": 5, "said": {"5": said}}))
(work / f"{name}.keras").write_bytes(b"not opened")
print(json.dumps(runs.train(run, [5], pictures, None, work)))
"""


def test_answers_are_counted_by_kind_and_a_run_that_is_done_is_not_done_again(with_keras, tmp_path):
    import json

    answers, said = map(json.loads, with_keras(PROGRAM, tmp_path).splitlines())
    assert answers == {"S": [2, 2], "F": [1, 2], "M": [2, 2]}
    assert said == {"5": {"held_out": {"S": [1, 1]}, "unseen": None}}
