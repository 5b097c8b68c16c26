"""Runs clang-tidy over Weir's own sources, two at a time, and remembers those that passed.

usage: tidy.py CLANG_TIDY ROOT BUILD

A source is looked at again when it, a header of ours or .clang-tidy has changed.
"""

import concurrent.futures
import hashlib
import json
import os
import pathlib
import subprocess
import sys

TOPS = ("stream", "graph", "cep", "rules", "apps")


def fingerprint(root, source, headers):
    return hashlib.sha256(headers + (root / ".clang-tidy").read_bytes() + source.read_bytes()).hexdigest()


def check(tidy, build, source):
    # The compiler's own warnings are the build's matter: g++ gives them, as errors.
    command = [tidy, "-p", str(build), "--quiet", "--extra-arg=-w", str(source)]
    done = subprocess.run(command, capture_output=True, text=True)
    return done.returncode == 0, done.stdout + ("" if done.returncode == 0 else done.stderr)


def main():
    tidy, root, build = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
    commands = json.loads((build / "compile_commands.json").read_text())
    sources = sorted({pathlib.Path(c["file"]) for c in commands})
    sources = [s for s in sources if s.is_relative_to(root) and s.relative_to(root).parts[0] in TOPS]
    headers = b"".join(p.read_bytes() for top in TOPS for p in sorted((root / top).rglob("*.hpp")))

    passed_file = pathlib.Path(os.environ.get("XDG_CACHE_HOME", pathlib.Path.home() / ".cache")) / "weir-tidy-passed"
    passed = set(passed_file.read_text().split()) if passed_file.exists() else set()
    prints = {s: fingerprint(root, s, headers) for s in sources}
    todo = [s for s in sources if prints[s] not in passed]
    with concurrent.futures.ThreadPoolExecutor(max_workers=os.cpu_count() or 2) as pool:
        results = list(pool.map(lambda s: check(tidy, build, s), todo))
    faults = [text for good, text in results if not good]
    passed |= {prints[s] for s, (good, _) in zip(todo, results) if good}
    passed_file.parent.mkdir(parents=True, exist_ok=True)
    passed_file.write_text("\n".join(sorted(passed)))
    print("\n".join(faults) or f"{len(sources)} files, {len(todo)} looked at, no fault")
    return 1 if faults or not sources else 0


if __name__ == "__main__":
    sys.exit(main())
