from random import Random

from lab.fuzzing.pictures import picture


def test_cases_are_pictures_of_many_formats_some_of_them_whole(tmp_path):
    contents = set()
    for seed in range(40):
        folder = tmp_path / str(seed)
        folder.mkdir()
        case = picture(tmp_path, folder, Random(seed))
        files = [path for path in folder.iterdir() if path.is_file()]
        assert files
        assert case.arguments
        contents |= {path.read_bytes()[:4] for path in files}
    assert len(contents) > 10
