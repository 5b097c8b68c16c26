"""How many events a second do twenty rules of the packs take over a million subjects, from NDJSON to alerts?

usage: packs_job.py WEIR BANK_COPIES PACKS [BANKS] [DAYS] [RUNS] [THREADS]

The events are those of 220 generated banks (bench_bank_copies): card payments, transfers, logins and what goes with them.
The rules are all of the packs' that these events can raise, but for the last of the laundering ones. Alerts of five of
them, of different kinds, are held to a brute-force count before anything is timed, and every run has to raise as many as
the first. Prints the median of the runs and the most memory of any of them.
"""

import collections
import json
import os
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
import time

# Rules of the packs beyond the twenty: no event for them, or simply more than twenty.
LEFT_OUT = ["card_travel", "reported_terminal", "account_probing", "crypto_cash_out", "dormant_account", "turnover_jump"]

SECOND, MINUTE, HOUR, DAY = 1_000, 60_000, 3_600_000, 86_400_000


# ---- Some of the rules, by brute force -----------------------------------------------------------------------------

def by_subject(events, field, wanted):
    lists = collections.defaultdict(list)
    for event in events:
        if field in event and wanted(event):
            lists[event[field]].append(event)
    return lists.values()


def suppressed(times, silence):
    """How many alerts are raised of those at `times`."""
    raised, last = 0, None
    for at in times:
        if last is None or at > last + silence:
            raised, last = raised + 1, at
    return raised


def windows(events, length):
    """For every event of one subject, those of the window that ends with it."""
    return [(event["at"], [e for e in events[:i + 1] if event["at"] - e["at"] <= length]) for i, event in enumerate(events)]


def velocity(events):
    cards = by_subject(events, "card", lambda e: e["event"] == "payment")
    return sum(suppressed([at for at, seen in windows(card, 5 * MINUTE) if len(seen) > 4], HOUR) for card in cards)


def structuring(events):
    accounts = by_subject(events, "to", lambda e: e["event"] == "transfer" and e["kind"] == "deposit"
                          and 8_000 <= e["amount"] < 10_000)
    return sum(suppressed([at for at, seen in windows(a, DAY) if len(seen) >= 3], DAY) for a in accounts)


def fan_in(events):
    accounts = by_subject(events, "to", lambda e: e["event"] == "transfer" and e["kind"] == "transfer")
    return sum(suppressed([at for at, seen in windows(a, DAY) if len({e["from"] for e in seen}) >= 10], DAY) for a in accounts)


def shared_device(events):
    devices = by_subject(events, "device", lambda e: e["event"] == "login" and e["ok"])
    return sum(suppressed([at for at, seen in windows(d, DAY) if len({e["user"] for e in seen}) >= 5], DAY) for d in devices)


def unconfirmed_login(events):
    raised = 0
    for user in by_subject(events, "user", lambda e: e["event"] in ("login", "confirm")):
        deadlines = [login["at"] + 30 * SECOND for i, login in enumerate(user)
                     if login["event"] == "login" and login["ok"]
                     and not any(e["event"] == "confirm" and e["at"] <= login["at"] + 30 * SECOND for e in user[i + 1:])]
        raised += suppressed(deadlines, HOUR)
    return raised


BRUTE_FORCE = [velocity, structuring, fan_in, shared_device, unconfirmed_login]


# ---- The job -------------------------------------------------------------------------------------------------------

def twenty_rules(packs, place):
    files, rules = [], 0
    for pack in ("cards", "logins", "aml"):
        text = (packs / f"{pack}.weir").read_text(encoding="utf-8")
        for name in LEFT_OUT:
            text = re.sub(rf"^rule {name} .*?^}}\n", "", text, flags=re.MULTILINE | re.DOTALL)
        rules += len(re.findall(r"^rule ", text, flags=re.MULTILINE))
        files.append(place / f"{pack}.weir")
        files[-1].write_text(text, encoding="utf-8")
    if rules != 20:
        sys.exit(f"the packs have {rules} rules without {', '.join(LEFT_OUT)}; they should be twenty")
    return files


def run(weir, rules, events, alerts, threads):
    """Seconds, and the most memory in megabytes."""
    begin = time.monotonic()
    command = [weir, "run", *rules, "--input", events, "--alerts", alerts, "--threads", str(threads)]
    running = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(running.pid, 0)
    running.returncode = os.waitstatus_to_exitcode(status)
    if running.returncode != 0:
        sys.exit(f"{command} ended with {running.returncode}")
    return time.monotonic() - begin, used.ru_maxrss / 1024


def count_by_rule(alerts):
    with open(alerts, encoding="utf-8") as lines:
        return collections.Counter(json.loads(line)["rule"]["name"] for line in lines)


def subjects_of(events):
    fields = ("card", "merchant", "from", "to", "user", "device")
    return len({(field in ("from", "to") or field, event[field]) for event in events for field in fields if field in event})


def wrong(found, events):
    expected = {rule.__name__: rule(events) for rule in BRUTE_FORCE}
    differing = {name: (found[name], count) for name, count in expected.items() if found[name] != count}
    if not all(expected.values()):
        return f"no alerts expected of some rules, so nothing would be seen: {expected}"
    return f"wrong answer, found and expected: {differing}" if differing else None


def main():
    weir, copies, packs = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
    banks, days, runs, threads = (int(n) for n in [*sys.argv[4:], *["220", "2", "5", "1"][len(sys.argv) - 4:]])
    with tempfile.TemporaryDirectory() as folder:
        place = pathlib.Path(folder)
        rules, stream, alerts = twenty_rules(packs, place), place / "banks.ndjson", place / "alerts.jsonl"
        with open(stream, "wb") as out:
            subprocess.run([copies, str(banks), str(days)], check=True, stdout=out)
        run(weir, rules, stream, alerts, threads)
        found = count_by_rule(alerts)
        with open(stream, encoding="utf-8") as lines:
            events = [json.loads(line) for line in lines]
        if fault := wrong(found, events):
            print(fault)
            return 1
        count, subjects, size = len(events), subjects_of(events), stream.stat().st_size
        del events
        for name, target in (("alerts to a file", alerts), ("no alerts written", "none")):
            measured = [run(weir, rules, stream, target, threads) for _ in range(runs)]
            seconds = statistics.median(took for took, _ in measured)
            print(f"{name}: {count / seconds / 1e6:.2f} M events/s, {size / seconds / 1e6:.0f} MB/s,"
                  f" {max(peak for _, peak in measured):.0f} MB of memory (median of {runs}, {count} events, {subjects} subjects,"
                  f" {sum(found.values())} alerts of {len(found)} rules, threads: {threads})")
        if count_by_rule(alerts) != found:
            print("the last run raised other alerts than the first")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
