from lab.evaluation import skies, wanted


def test_each_kind_of_sky_has_a_line_in_the_table_with_what_is_wanted():
    assert [line.key for line in wanted.SKIES] == [*skies.KINDS, "autofocus"]
    assert all(line.wanted for line in wanted.SKIES)
