import numpy as np

from lab.evaluation.spot_lights import PlainRule


def test_the_plain_rule_waits_for_the_top(reading):
    from dataclasses import replace

    rule = PlainRule(0.5)
    lit = []
    for n, x in enumerate(np.linspace(-4, 4, 240)):
        each = replace(reading(n, 0.6), contrast=0.05 / (1 + x * x))
        lit.append(rule.show(each, 0.0, n / 30))
    first = lit.index(True)
    assert 120 < first < 135
