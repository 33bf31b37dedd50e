"""What a shell completes: the kept files, in the real shells."""

import shutil
import subprocess

import pytest

from focuscam.cli import COMMANDS
from focuscam.cli.arguments import parser
from lab.docs.completion import FILES
from lab.docs.reference import subparsers
from lab.places import REPOSITORY

KEPT = REPOSITORY / "deploy/completion"


def completed(*words: str) -> list[str]:
    """What bash offers for the last of these words."""
    program = f"""
        source {KEPT / FILES["bash"]}
        COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
        _shtab_focuscam "$1" "${{!#}}"
        printf "%s\\n" "${{COMPREPLY[@]}}"
    """
    done = subprocess.run(["bash", "-c", program, "bash", *words], capture_output=True, text=True, check=True)
    return done.stdout.split()


def test_bash_completes_a_command():
    assert completed("focuscam", "lens") == ["lens-report"]


def test_bash_completes_an_option_of_a_command():
    assert completed("focuscam", "status", "--ch") == ["--check"]


def test_bash_completes_what_follows_an_option():
    assert completed("focuscam", "--region", "s") == ["spot"]


def test_bash_completes_the_photos_to_score():
    assert completed("focuscam", "score", str(REPOSITORY / "pyproj")) == [str(REPOSITORY / "pyproject.toml")]


@pytest.mark.parametrize("shell", FILES)
def test_the_kept_files_know_every_command_and_option_there_is(shell):
    """`tools/completion.py` writes them anew."""
    kept, of = (KEPT / FILES[shell]).read_text(), parser(COMMANDS)
    for name, command in {"": of, **subparsers(of)}.items():
        assert name in kept
        for option in (option for action in command._actions for option in action.option_strings):
            assert option in kept


@pytest.mark.skipif(not shutil.which("zsh"), reason="zsh is not installed here: apt install zsh")
def test_zsh_completes_a_command(tmp_path):
    shutil.copy(KEPT / FILES["zsh"], tmp_path)
    # A shell in a terminal of its own, as it is typed at: zsh completes nowhere else.
    program = f"""
        zmodload zsh/zpty
        zpty shell zsh -f
        ask() {{ zpty -w shell "$1"; }}
        ask "PS1='' fpath=({tmp_path} \\$fpath); autoload -Uz compinit; compinit -D; echo REA''DY"
        while zpty -r shell said; do [[ $said == *READY* ]] && break; done
        zpty -n -w shell $'focuscam lens\\t'
        while zpty -r shell said "*lens-report*"; do print -r -- "$said"; break; done
    """
    done = subprocess.run(["zsh", "-f", "-c", program], capture_output=True, text=True, timeout=60)
    assert "lens-report" in done.stdout, done.stdout + done.stderr
