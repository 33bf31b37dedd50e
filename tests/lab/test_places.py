from lab import places


def test_the_repository_is_where_the_settings_and_the_models_are():
    assert (places.REPOSITORY / "pyproject.toml").is_file()
    assert (places.MODELS / "focus.tflite").is_file()
    assert (places.TOOLS / "evaluate.py").is_file()
    assert places.DATA.parent.parent == places.REPOSITORY.parent
