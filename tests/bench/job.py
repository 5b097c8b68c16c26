"""Whole processes, timed: what payments_job.py, packs_job.py and `all` share."""

import collections
import dataclasses
import json
import os
import statistics
import subprocess
import time


@dataclasses.dataclass
class Outcome:
    """Of several runs of one job."""
    events: int
    input_bytes: int
    seconds: float      # by the clock on the wall; the median
    cpu_seconds: float  # of all threads of the process; the median
    peak_mb: float      # the most memory of any run
    runs: int

    @property
    def rate(self):
        return self.events / self.seconds

    @property
    def cpu_rate(self):
        return self.events / self.cpu_seconds

    def __str__(self):
        return (f"{self.rate / 1e6:.2f} M events/s ({self.cpu_rate / 1e6:.2f} M by processor time),"
                f" {self.input_bytes / self.seconds / 1e6:.0f} MB/s, {self.peak_mb:.0f} MB of memory"
                f" (median of {self.runs}, {self.events} events)")


class Failed(Exception):
    """A process that ended with an error, or a wrong answer."""


def run(command):
    """Seconds by the clock and of processor time, and the most memory in megabytes: never less than this process has."""
    begin = time.monotonic()
    running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    said = running.stderr.read()
    _, status, used = os.wait4(running.pid, 0)
    running.returncode = os.waitstatus_to_exitcode(status)
    if running.returncode != 0:
        raise Failed(f"{' '.join(map(str, command))} ended with {running.returncode}:\n{said.decode()[-2000:]}")
    return time.monotonic() - begin, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def measure(command, events, input_bytes, runs):
    seconds, cpu_seconds, peak_mb = zip(*(run(command) for _ in range(runs)))
    return Outcome(events, input_bytes, statistics.median(seconds), statistics.median(cpu_seconds), max(peak_mb), runs)


def weir_run(weir, rules, source, alerts, threads):
    return [weir, "run", *rules, "--input", source, "--alerts", alerts, "--threads", str(threads)]


def count_by_rule(alerts):
    with open(alerts, encoding="utf-8") as lines:
        return dict(collections.Counter(json.loads(line)["rule"]["name"] for line in lines))
