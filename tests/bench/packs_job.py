"""How many events a second do twenty rules of the packs take over a million subjects, from NDJSON to alerts?

usage: packs_job.py WEIR BANK_COPIES PACKS [BANKS] [DAYS] [RUNS] [THREADS]

The events are those of 220 generated banks (bench_bank_copies): card payments, transfers, logins and what goes with them.
The rules are all of the packs' that these events can raise, but for the last of the laundering ones. Alerts of five of
them, of different kinds, are held to a brute-force count before anything is timed, and every run has to raise as many as
the first. Prints the median of the runs and the most memory of any of them.
"""

import collections
import concurrent.futures
import json
import pathlib
import re
import subprocess
import sys
import tempfile

import job

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
        raise job.Failed(f"the packs have {rules} rules without {', '.join(LEFT_OUT)}; they should be twenty")
    return files


def subjects_of(events):
    fields = ("card", "merchant", "from", "to", "user", "device")
    return len({(field in ("from", "to") or field, event[field]) for event in events for field in fields if field in event})


def check(found, events):
    expected = {rule.__name__: rule(events) for rule in BRUTE_FORCE}
    differing = {name: (found.get(name, 0), count) for name, count in expected.items() if found.get(name, 0) != count}
    if not all(expected.values()):
        raise job.Failed(f"no alerts expected of some rules, so nothing would be seen: {expected}")
    if differing:
        raise job.Failed(f"wrong answer, found and expected: {differing}")


def counts_of(stream, found):
    """Of the events and of their subjects, once the alerts found are known to be right."""
    with open(stream, encoding="utf-8") as lines:
        events = [json.loads(line) for line in lines]
    check(found, events)
    return len(events), subjects_of(events)


def measure(weir, copies, packs, banks=220, days=2, runs=5, threads=1):
    """What was run, and the outcomes with alerts written and with none."""
    with tempfile.TemporaryDirectory() as folder:
        place = pathlib.Path(folder)
        rules, stream, alerts = twenty_rules(packs, place), place / "banks.ndjson", place / "alerts.jsonl"
        with open(stream, "wb") as out:
            subprocess.run([copies, str(banks), str(days)], check=True, stdout=out)
        written = job.weir_run(weir, rules, stream, alerts, threads)
        job.run(written)
        found = job.count_by_rule(alerts)
        # Elsewhere, so that its memory is not taken for that of the runs that follow.
        with concurrent.futures.ProcessPoolExecutor(max_workers=1) as elsewhere:
            count, subjects = elsewhere.submit(counts_of, stream, found).result()
        size = stream.stat().st_size
        about = f"{subjects} subjects, {sum(found.values())} alerts of {len(found)} rules"
        outcomes = {"alerts to a file": job.measure(written, count, size, runs)}
        if job.count_by_rule(alerts) != found:
            raise job.Failed("the last run raised other alerts than the first")
        silent = job.weir_run(weir, rules, stream, "none", threads)
        return about, outcomes | {"no alerts written": job.measure(silent, count, size, runs)}


def main():
    weir, copies, packs = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
    about, outcomes = measure(weir, copies, packs, *(int(n) for n in sys.argv[4:]))
    print(about)
    for name, outcome in outcomes.items():
        print(f"{name}: {outcome}")


if __name__ == "__main__":
    try:
        main()
    except job.Failed as failure:
        sys.exit(str(failure))
