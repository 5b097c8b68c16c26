"""Checks every #include of Weir's sources against the layers of docs/architecture.md.

usage: layering.py ROOT
"""

import pathlib
import re
import sys

# The longest prefix of a file's path decides. A module may include itself and what stands behind it here.
MAY_INCLUDE = {
    "stream": ["stream"],
    "stream/dstream": ["stream", "stream/dstream"],
    "stream/file": ["stream", "stream/dstream", "stream/file"],
    "stream/tcp": ["stream", "stream/dstream", "stream/tcp"],
    "stream/zmq": ["stream", "stream/dstream", "stream/zmq"],
    "graph": ["graph"],
    "graph/dstream": ["graph", "graph/dstream", "stream", "stream/dstream"],
    "cep": ["cep", "stream", "graph"],
    "rules": ["rules", "rules/check", "rules/syntax", "cep", "stream"],
    "rules/check": ["rules", "rules/check", "rules/model", "rules/syntax", "cep", "stream"],
    "rules/model": ["rules/model", "cep"],
    "rules/syntax": ["rules", "rules/syntax", "stream"],
    "rules/dstream": ["rules", "rules/dstream", "cep", "stream", "stream/dstream"],
    "rules/sigma": ["rules/sigma", "rules", "cep", "stream"],
    "apps": ["apps", "rules", "rules/dstream", "rules/sigma", "cep", "stream", "stream/dstream", "stream/file", "stream/tcp", "stream/zmq",
             "graph", "graph/dstream"],
}

# Outside libraries that stay inside one place; in public headers elsewhere they may not be named at all.
KEPT_INSIDE = {
    r"boost/spirit|boost/fusion": ["rules/syntax", "rules/check"],
    r"zmq": ["stream/zmq", "apps/examples"],
    r"simdjson": ["stream/format", "stream/zmq", "rules/model", "apps"],
    r"CLI/": ["apps"],
    r"toml\+\+": ["apps"],
    r"yaml-cpp": ["rules/sigma"],
    r"spdlog": ["apps"],
    r"xxhash": ["rules", "stream"],
    r"date/": ["cep"],
    r"re2/|utf8proc": ["cep"],
}

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


def module_of(path):
    """The key of MAY_INCLUDE that holds a path, or None."""
    fitting = [name for name in MAY_INCLUDE if path == name or path.startswith(name + "/")]
    return max(fitting, key=len) if fitting else None


def faults_of(path, text):
    """The includes of one file that break a rule, as lines for a person."""
    module = module_of(path)
    for number, line in enumerate(text.splitlines(), 1):
        found = INCLUDE.match(line)
        if not found:
            continue
        quoted, target = found.group(1) == '"', found.group(2)
        other = module_of(target) if quoted else None
        if other and other not in MAY_INCLUDE[module]:
            yield f"{path}:{number}: {module} may not include {other} ({target})"
        for library, places in KEPT_INSIDE.items():
            if re.match(library, target) and not any(path.startswith(place + "/") for place in places):
                yield f"{path}:{number}: {target} stays inside {', '.join(places)}"


def main():
    root = pathlib.Path(sys.argv[1])
    sources = [p for top in ("stream", "graph", "cep", "rules", "apps") for p in (root / top).rglob("*.[ch]pp")]
    faults = [f for p in sorted(sources) for f in faults_of(str(p.relative_to(root)), p.read_text())]
    print("\n".join(faults) or f"{len(sources)} files, no fault")
    return 1 if faults or not sources else 0


if __name__ == "__main__":
    sys.exit(main())
