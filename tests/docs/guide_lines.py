"""Holds the table "Spark's guide, translated" against the programs that it counts the lines of.

usage: guide_lines.py PAGE PROGRAMS

PAGE has rows `| name | lines there | lines here |`; PROGRAMS is C++ with each example between `// guide: NAME` and `// end`, perhaps in
several pieces. A line counts if it has a letter or a digit outside comments, and is no #include. Every example has its row, every row its
example, and none is longer here than there.
"""

import pathlib
import re
import sys

SECTION = re.compile(r"^## Spark's guide, translated$(.*?)^## ", re.MULTILINE | re.DOTALL)
ROW = re.compile(r"^\| ([^|]+) \| (\d+) \| (\d+) \|", re.MULTILINE)


def counts(line):
    code = line.split("//")[0]
    return re.search(r"\w", code) is not None and not code.lstrip().startswith("#include")


def lines_of(programs):
    """The lines of each example, by its name."""
    found, name = {}, None
    for line in programs.splitlines():
        marker = re.fullmatch(r"\s*// (?:guide: (.+)|(end))", line)
        if marker:
            name = marker.group(1)
            if name:
                found.setdefault(name, 0)
        elif name:
            found[name] += counts(line)
    return found


def faults_of(page, programs):
    section = SECTION.search(page)
    rows = {name: (int(there), int(here)) for name, there, here in ROW.findall(section.group(1))} if section else {}
    found = lines_of(programs)
    faults = [] if rows else ["the page has no such table"]
    for name in sorted({*rows, *found}):
        there, here = rows.get(name, (None, None))
        if here is None or name not in found:
            faults.append(f"{name}: {'no row' if here is None else 'no example'}")
        elif here != found[name] or here > there:
            faults.append(f"{name}: {there} lines there and {here} here by the table, {found[name]} are here")
    return faults


if __name__ == "__main__":
    faults = faults_of(*(pathlib.Path(argument).read_text() for argument in sys.argv[1:]))
    sys.exit("\n".join(faults) or 0)
