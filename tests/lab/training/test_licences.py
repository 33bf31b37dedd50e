import pytest

from lab.training.licences import free, kept

FREE = [
    "CC0-1.0",
    "CC BY 2.0 (as listed)",
    "CC-BY-4.0",
    "public domain (Unlicense; own photos)",
    "Apache-2.0 (LICENSE)",
]
BOUND = ["CC BY-SA 4.0", "GPL-2+", "LGPL-3.0", "none stated", "Unsplash License", "S-Lab 1.0 (non-commercial)", "",
         "MIT (repo LICENSE; photos not mentioned separately)", "CC0 / CC-BY-4.0 / CC-BY-SA per file"]  # fmt: skip


@pytest.mark.parametrize("licence", FREE)
def test_a_licence_that_asks_for_no_more_than_a_name_is_free(licence):
    assert free(licence)


@pytest.mark.parametrize("licence", BOUND)
def test_a_licence_that_leaves_a_question_open_is_not(licence):
    assert not free(licence)


def test_a_folder_is_free_where_its_row_or_all_of_its_files_are(tmp_path):
    table = tmp_path / "files.csv"
    table.write_text(
        "file,licence\nsharp/a.jpg,CC0\nsharp/b.jpg,GPL-2\nset/,CC-BY-4.0\nmixed/a.jpg,CC0\nmixed/b.jpg,GPL-2\n"
    )
    asked = ["sharp/a.jpg", "sharp/b.jpg", "set", "set/in/it.jpg", "mixed", "elsewhere.jpg"]
    assert [kept(table, tmp_path / name) for name in asked] == [True, False, True, True, False, False]


def test_a_table_of_other_columns_is_refused(tmp_path):
    (tmp_path / "files.csv").write_text("name,kind\na,b\n")
    with pytest.raises(ValueError, match="columns file and licence"):
        kept(tmp_path / "files.csv", tmp_path / "a")
