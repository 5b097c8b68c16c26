"""What the peers that run in a JVM share: how they are installed, compiled and asked."""

import json
import os
import shutil
import subprocess
import sys

_JVM = ["java", "-Xmx6g", "-XX:+UseParallelGC"]


def _opened(*packages):
    return [f"--add-opens=java.base/{package}=ALL-UNNAMED" for package in packages]


FLINK = [*_JVM, "-Dorg.slf4j.simpleLogger.defaultLogLevel=off", *_opened("java.util", "java.lang")]
SPARK = [*_JVM, "-Dlog4j2.level=ERROR",
         *_opened("java.lang", "java.lang.invoke", "java.lang.reflect", "java.io", "java.net", "java.nio", "java.util",
                  "java.util.concurrent", "java.util.concurrent.atomic", "sun.nio.ch", "sun.nio.cs",
                  "sun.security.action", "sun.util.calendar")]


def fail(message):
    sys.exit(f"peers: {message}")


def install():
    """A JDK and Maven from Debian, where they are missing."""
    packages = {"javac": "default-jdk-headless", "mvn": "maven"}
    missing = [package for tool, package in packages.items() if not shutil.which(tool)]
    if not missing:
        return
    as_root = [] if os.getuid() == 0 else ["sudo"]
    subprocess.run([*as_root, "apt-get", "update", "-q"], check=True)
    subprocess.run([*as_root, "apt-get", "install", "-q", "-y", "--no-install-recommends", *missing], check=True)


def classes(pom, output, profile=None):
    """Compiles what a pom.xml says, of a profile where it has some; the class path of it and of what it needs."""
    subprocess.run(["mvn", "-q", "-B", "-f", pom, *(["-P", profile] if profile else []), f"-Doutput={output}", "compile",
                    "dependency:copy-dependencies", "-DincludeScope=runtime", f"-DoutputDirectory={output / 'lib'}"],
                   check=True)
    return f"{output / 'classes'}:{output / 'lib'}/*"


def json_lines(command):
    """What a program says in lines of JSON; ends this one where it fails."""
    done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        fail(f"{command[0]} ended with {done.returncode}:\n{done.stderr[-2000:]}")
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
