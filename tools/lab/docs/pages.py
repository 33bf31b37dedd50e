"""What mkdocs runs before it builds: the pages that do not lie in docs/ (mkdocs-gen-files asks for a script)."""

import mkdocs_gen_files

from lab.docs.site import PAGES

for at, made in PAGES.items():
    with mkdocs_gen_files.open(at, "w") as page:
        page.write(made())
