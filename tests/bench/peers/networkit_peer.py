"""NetworKit's dynamic components: pairs come and go. Only tests/bench/peers/graph runs this.

usage: networkit_peer.py FOLDER RUNS
"""
import json
import statistics
import sys
import time

import networkit
import numpy

event = networkit.dynamics.GraphEvent


def read(folder, name):
    return numpy.loadtxt(f"{folder}/{name}.csv", delimiter=",", dtype=numpy.int64).reshape(-1, 2).tolist()


def apply(components, pairs, kind, change):
    """Milliseconds for the graph and its components. One at a time: `updateBatch` after several removals has been seen
    to count too few components."""
    start = time.perf_counter()
    for u, v in pairs:
        change(u, v)
        components.update(event(kind, u, v, 1.0))
    return (time.perf_counter() - start) * 1e3


def run(pairs, more, back):
    graph = networkit.Graph(1 + max(max(pair) for pair in pairs + more))
    for u, v in pairs:
        graph.addEdge(u, v)
    components = networkit.components.DynConnectedComponents(graph)
    components.run()
    for job, some, kind, change in (("insertions", more, event.EDGE_ADDITION, graph.addEdge),
                                    ("deletions", back, event.EDGE_REMOVAL, graph.removeEdge)):
        ms = apply(components, some, kind, change)
        sizes = components.getComponentSizes().values()
        yield {"job": job, "ms": ms, "components": len(sizes), "largest": max(sizes)}


def main():
    folder, runs = sys.argv[1], int(sys.argv[2])
    networkit.setNumberOfThreads(1)
    data = [read(folder, name) for name in ("pairs", "more", "back")]
    rounds = [list(run(*data)) for _ in range(runs)]
    for job in zip(*rounds):
        print(json.dumps(job[0] | {"ms": statistics.median(one["ms"] for one in job)}))


main()
