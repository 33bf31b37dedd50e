import json
import subprocess

from focuscam.page.server import files
from tests.page.npm import REPOSITORY, installed

OPTIONS = {
    "checkJs": True,
    "allowJs": True,
    "noEmit": True,
    "strict": True,
    "noUnusedLocals": True,
    "target": "es2022",
    "module": "es2022",
    "moduleResolution": "bundler",
    "lib": ["es2022", "dom", "dom.iterable"],
    "types": [],
}


def checked(folder, tmp_path):
    (tmp_path / "tsconfig.json").write_text(json.dumps({"compilerOptions": OPTIONS, "include": [f"{folder}/*.js"]}))
    compiler = installed("typescript") / "bin" / "tsc"
    return subprocess.run(["node", compiler, "-p", tmp_path], capture_output=True, text=True)


def test_the_scripts_of_the_page_are_typed(tmp_path):
    done = checked(REPOSITORY / "focuscam" / "page" / "static", tmp_path)
    assert done.returncode == 0, done.stdout


def test_the_checker_finds_what_is_wrong(tmp_path):
    (tmp_path / "wrong").mkdir()
    for name, content in files().items():
        if name.endswith(".js"):
            (tmp_path / "wrong" / name).write_bytes(content.replace(b"reading.threshold", b"reading.treshold"))
    done = checked(tmp_path / "wrong", tmp_path)
    assert done.returncode != 0
    assert "Did you mean 'threshold'" in done.stdout
