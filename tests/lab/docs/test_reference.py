"""The reference that the program tells of itself, and the index of the decisions."""

from dataclasses import fields
from typing import get_args

import pytest

from focuscam import commands
from focuscam.cli import COMMANDS
from focuscam.config import Settings
from focuscam.ipc.expected import KINDS, words
from lab.docs.decisions import FOLDER, decision, index
from lab.docs.reference import explanations, said, settable, typed
from lab.docs.site import PAGES, moved
from lab.places import REPOSITORY


def test_every_command_has_its_section_with_an_example():
    page = typed()
    for name in COMMANDS:
        section = page.partition(f"## focuscam {name}\n" if name else "## focuscam\n")[2].partition("\n## ")[0]
        assert section
        assert name == "" or f"```text\n{'cp $(' if name == 'capture' else ''}focuscam {name}" in section


def test_every_setting_has_its_default_what_it_may_be_and_why():
    page = settable()
    for table in fields(Settings):
        if table.name != "origins":
            for key in fields(type(getattr(Settings(), table.name))):
                assert f"| `{key.name}` |" in page.partition(f"## [{table.name}]")[2].partition("\n## ")[0]
    assert "| `hold_s` | `0.3` | a number from 0 to 10 seconds | The least time between two switches" in page
    assert "| `threshold` | left out |" in page


def test_keys_below_one_comment_share_it():
    told = explanations("[a]\n# One\n# and two.\n#x = 1\n#y = 2\n# Three.\n#z = 3\n")
    assert told == {"a.x": "One and two.", "a.y": "One and two.", "a.z": "Three."}


def test_every_message_has_its_fields_and_every_command_its_value():
    page = said()
    for kind, known in KINDS.items():
        section = page.partition(f"### {kind}\n")[2].partition("\n##")[0]
        assert kind == "answer" or all(f"| `{name}` | {words(check)} |" in section for name, check in known.items())
        assert all(map(words, known.values()))
    assert "| `score` | number, 0 to 1, or null |" in page
    for each in get_args(commands.Command):
        assert f"| `{each.do}` |" in page


def test_the_prose_of_the_protocol_names_every_message_and_what_readers_may_ask():
    prose = (REPOSITORY / "docs/reference/protocol.md").read_text()
    for kind in KINDS:
        assert f"`{kind}`" in prose
    for each in get_args(commands.Command):
        if each not in (commands.SetHold, commands.Toggle, commands.ShutDown, commands.Reload):
            assert f"`{each.do}`" in prose


def test_every_decision_says_when_what_was_chosen_what_lost_and_why():
    page = index()
    for file in FOLDER.glob("*.md"):
        assert f"]({file.name}) | {decision(file).chosen} |" in page


def test_the_latest_decision_comes_first():
    dates = [line[2:12] for line in index().splitlines() if line.startswith("| 2")]
    assert dates == sorted(dates, reverse=True)


def test_a_decision_without_a_head_is_named(tmp_path):
    file = tmp_path / "some.md"
    file.write_text("# A title\nand no more.\n")
    with pytest.raises(ValueError, match=r"some\.md does not begin as a decision does"):
        decision(file)


def test_a_document_that_stands_elsewhere_has_its_links_lead_to_pages_of_the_site():
    card = moved("reference/model-card.md")
    assert "(../decisions/network.md)" in card
    assert "](../" not in card.replace("](../decisions/", "](").replace("](../guide/", "](")


def test_the_navigation_lists_every_page_there_is():
    listed = (REPOSITORY / "mkdocs.yml").read_text()
    docs = REPOSITORY / "docs"
    for page in [*PAGES, *(str(file.relative_to(docs)) for file in docs.rglob("*.md"))]:
        assert f" {page}\n" in listed, f"{page} is not in mkdocs.yml"
