"""snapml's GraphFeaturePreprocessor on transfers. Only tests/bench/peers/graph runs this.

usage: snapml_peer.py GROUP TRANSFERS SHARE RUNS FEW ROWS: the group's features of a share of TRANSFERS, timed; and of
FEW, one transfer at a time, held to Weir's, which are in ROWS.
"""
import json
import statistics
import sys
import time

import numpy
from snapml import GraphFeaturePreprocessor

BATCH = 4096
WINDOW = 11  # it leaves out what is exactly so old: 11 steps are Weir's ten
CHECK_WINDOW = 2001  # likewise: two seconds, in milliseconds
RAW = 5      # columns that are given: edge, from, to, step, amount
SIZES = list(range(1, 41))
LENGTHS = list(range(2, 12))

GROUPS = {
    "fan": {"fan": True, "fan_tw": WINDOW, "fan_bins": SIZES},
    "degree": {"degree": True, "degree_tw": WINDOW, "degree_bins": SIZES},
    "flow": {"vertex_stats": True, "vertex_stats_tw": WINDOW, "vertex_stats_cols": [4],
             "vertex_stats_feats": [3, 4, 5, 6, 8, 9, 10]},
    "temporal cycles": {"temp-cycle": True, "temp-cycle_tw": WINDOW, "temp-cycle_bins": LENGTHS},
    "scatter-gather": {"scatter-gather": True, "scatter-gather_tw": WINDOW, "scatter-gather_bins": SIZES},
    "simple cycles": {"lc-cycle": True, "lc-cycle_tw": WINDOW, "lc-cycle_len": 10, "lc-cycle_bins": LENGTHS[:-1]},
}


def preprocessor(group, window):
    made = GraphFeaturePreprocessor()
    chosen = {key: window if key.endswith("_tw") else value for key, value in GROUPS[group].items()}
    made.set_params({"vertex_stats": False, "fan": False, "degree": False, "scatter-gather": False, "temp-cycle": False,
                     "lc-cycle": False, "num_threads": 1, "time_window": window} | chosen)
    return made


def transform(group, transfers, batch, window=WINDOW):
    """All features, and the seconds that they took."""
    made = preprocessor(group, window)
    parts = [numpy.ascontiguousarray(transfers[at:at + batch]) for at in range(0, len(transfers), batch)]
    start = time.perf_counter()
    features = [made.transform(part) for part in parts]
    seconds = time.perf_counter() - start
    return numpy.vstack(features)[:, RAW:], seconds


def histogram_of(sizes, bins):
    """A row for each size, with a 1 in its bin; sizes below 2 are no pattern."""
    table = numpy.zeros((len(sizes), len(bins)))
    for row, size in enumerate(sizes):
        if size >= 2:
            table[row, bins.index(min(size, bins[-1]))] = 1
    return table


def expected(group, rows):
    """Weir's features in snapml's shape, where they mean the same: by (columns of snapml, table)."""
    def column(name):
        return numpy.array([float(row[name]) for row in rows])

    if group in ("fan", "degree"):
        names = ("to_fan_in", "from_fan_out") if group == "fan" else ("to_in_degree", "from_out_degree")
        whole = numpy.hstack([histogram_of(column(name).astype(int), SIZES) for name in names])
        return range(2 * len(SIZES)), whole
    if group == "temporal cycles":
        return range(9), numpy.column_stack([column(f"temporal_cycles_{n}") for n in range(2, 11)])
    if group == "simple cycles":
        return range(9), numpy.column_stack([column(f"simple_cycles_{n}") for n in range(2, 11)])
    if group == "flow":
        ends = [f"{end}_{way}" for end, way in FLOW_ORDER]
        return ([7 * i + k for i in range(4) for k in (0, 1, 2, 3)],
                numpy.column_stack([column(f"{end}_{what}") for end in ends for what in ("mean", "sum", "min", "max")]))
    return None


FLOW_ORDER = [("from", "out"), ("from", "in"), ("to", "out"), ("to", "in")]


def check(group, few, rows):
    """How many rows are equal; ends the program where one is not. Transfers to oneself are left out: it finds no
    patterns for them."""
    wanted = expected(group, rows)
    if wanted is None:
        return "no: it counts patterns by another definition"
    columns, right = wanted
    found = transform(group, few, 1, CHECK_WINDOW)[0][:, list(columns)]
    compared = few[:, 1] != few[:, 2]
    if group == "flow":
        compared[CHECK_WINDOW - 1:] = False  # from where edges leave the window on: its statistics keep them longer
    differs = compared & ~numpy.isclose(found, right, rtol=1e-6, atol=1e-6).all(axis=1)
    if differs.any():
        row = int(numpy.argmax(differs))
        sys.exit(f"{group} of transfer {row}: snapml {found[row].tolist()}, Weir {right[row].tolist()}")
    return f"{int(compared.sum()):,} rows equal"


def main():
    group, path, share, runs, few_path, rows_path = sys.argv[1:]
    with open(rows_path, encoding="utf-8") as file:
        rows = json.load(file)
    checked = check(group, numpy.loadtxt(few_path, delimiter=","), rows)
    transfers = numpy.loadtxt(path, delimiter=",")
    transfers = transfers[:int(len(transfers) * float(share))]
    seconds = statistics.median(transform(group, transfers, BATCH)[1] for _ in range(int(runs)))
    print(json.dumps({"group": group, "transactions": len(transfers), "per_second": len(transfers) / seconds,
                      "checked": checked}))


main()
