import json

PROGRAM = """
import json, math
from lab.studies import published

learned = {"S": [3, 4], "F": [4, 4], "M": [2, 4]}
blind = {"S": [4, 4], "F": [0, 4], "M": [0, 4]}
said = [{"held_out": each, "unseen": blind} for each in (learned, blind)]
row = published.row("kernel 3", "scene", 0.9, said)
print(json.dumps({
    "shares": [published.share(learned), published.share(learned, "S"), published.share(learned, "FM")],
    "empty": math.isnan(published.share({letter: [0, 0] for letter in "SFM"})),
    "one answer": [published.one_answer(learned), published.one_answer(blind)],
    "row": row,
}))
"""


def test_answers_become_a_line_with_the_runs_that_have_learned_nothing_counted(with_keras):
    told = json.loads(with_keras(PROGRAM))
    assert told["shares"] == [0.75, 0.75, 0.75]
    assert told["empty"]
    assert told["one answer"] == [False, True]
    row = told["row"]
    assert (row["ours"], row["lowest"], row["highest"]) == (0.5417, 0.3333, 0.75)
    assert (row["runs"], row["n"], row["runs with one answer"]) == (2, 24, 1)
    assert (row["unseen"], row["unseen n"]) == (0.3333, 12)
