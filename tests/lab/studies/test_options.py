from lab.studies.options import Options


def test_one_number_of_epochs_is_one_look():
    assert Options(epochs=100).looks == [100]
    assert Options(epochs=[1, 3]).looks == [1, 3]
