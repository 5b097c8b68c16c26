"""An installed Weir serves another project: install, find_package, build, run.

usage: package_test.py CMAKE BUILD SOURCE
"""

import pathlib
import subprocess
import sys
import tempfile


def main():
    cmake, build, source = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
    with tempfile.TemporaryDirectory() as folder:
        prefix, user = f"{folder}/prefix", f"{folder}/user"
        subprocess.run([cmake, "--install", build, "--prefix", prefix], check=True, stdout=subprocess.DEVNULL)
        subprocess.run([cmake, "-G", "Ninja", "-S", source, "-B", user, f"-DCMAKE_PREFIX_PATH={prefix}"], check=True)
        subprocess.run([cmake, "--build", user], check=True)
        said = subprocess.run([f"{user}/weir_user"], check=True, capture_output=True, text=True).stdout
    print(said)
    assert said == "large C1 900.50 EUR\nlarge C2\n", said


if __name__ == "__main__":
    main()
