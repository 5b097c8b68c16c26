"""weir graph: what it reads, what it answers, and how it ends."""
import csv
import gzip
import io
import json
import pathlib
import re
import struct
import time
import unittest
import xml.etree.ElementTree as xml

from cli_harness import WEIR, CliTest, lines

# a reaches d over b and c, d pays a back; e is alone with itself.
TRANSFERS = """payer,payee,when,amount
a,b,1,10.00
a,c,1,20.50
b,d,2,9.00
c,d,3,20.00
d,a,4,28.00
e,e,5,1.00
"""
COLUMNS = ("--from", "payer", "--to", "payee", "--at", "when", "--weight", "amount", "--unit", "1h")
RULES = """
entity account
event transfer { at: time  source: account  target: account  sum: money(EUR) }
graph payments : transfer(source -> target, weight sum) keep 2h
"""


class GraphTest(CliTest):
    def setUp(self):
        super().setUp()
        self.write("t.csv", TRANSFERS)

    def graph(self, verb, *more, code=0, stdin=""):
        return self.weir("graph", verb, *more, code=code, stdin=stdin)

    def stats(self, *more, stdin=""):
        return json.loads(self.graph("stats", *more, "--format", "json", stdin=stdin).stdout)

    def rows(self, verb, *more):
        return list(csv.DictReader(io.StringIO(self.graph(verb, *more).stdout)))


class InputTest(GraphTest):
    def test_a_header_says_which_column_is_which(self):
        found = self.stats("t.csv", *COLUMNS)
        self.assertEqual((found["edges"], found["vertices"], found["self_loops"], found["weight"]), (6, 5, 1, "88.50"))
        self.assertEqual((found["first"], found["last"]), ("1970-01-01T01:00:00Z", "1970-01-01T05:00:00Z"))

    def test_usual_names_need_no_flags(self):
        self.write("u.csv", "source,target,time,amount\nx,y,1,2\ny,x,2,3.5\n")
        found = self.stats("u.csv")
        self.assertEqual((found["edges"], found["weight"], found["last"]), (2, "5.50", "1970-01-01T00:00:00.002Z"))

    def test_lists_without_a_header_are_read_by_place(self):
        self.write("p.csv", "x,y,5,1.5\ny,z,6,2\n")
        done = self.graph("stats", "p.csv", "--format", "json")
        self.assertEqual(json.loads(done.stdout)["weight"], "3.50")
        self.assertIn("no header; from column 1 to column 2, time in column 3, weight in column 4", done.stderr)
        other = self.stats("p.csv", "--from", 2, "--to", 1, "--at", 4, "--weight", 3)
        self.assertEqual((other["weight"], other["busiest"][0]["vertex"]), ("11.00", "y"))

    def test_an_edge_between_vertices_called_as_columns_are_numbered_is_no_header(self):
        self.write("n.csv", "1,2,3\n2,3,4\n1,2,3\n")
        self.write("n.tsv", "2\t3\t4\n1\t2\t3\n1\t2\t3\n")
        for file in ("n.csv", "n.tsv"):
            for columns in ((), ("--from", 1, "--to", 2, "--at", 3)):
                found = self.stats(file, *columns)
                self.assertEqual((found["edges"], found["first"]), (3, "1970-01-01T00:00:00.003Z"), (file, columns))

    def test_tabs_blanks_and_comments(self):
        self.write("t.tsv", "# two edges\nx, inc\ty\t5\t1\ny\tx, inc\t6\t2\n")
        self.write("b.txt", "% none has a time\nx  y\n\ny \t z\n")
        self.assertEqual(self.stats("t.tsv")["busiest"][0]["vertex"], "x, inc")
        found = self.stats("b.txt")
        self.assertEqual((found["edges"], found["vertices"], found["first"]), (2, 3, "1970-01-01T00:00:00Z"))
        self.assertNotIn("weight", found)

    def test_a_hash_is_a_name_where_records_have_begun(self):
        self.write("h.txt", "x y\n#1 x\n")
        self.assertEqual(self.stats("h.txt")["edges"], 2)

    def test_gzip_standard_input_and_ndjson(self):
        self.write("t.csv.gz", gzip.compress(TRANSFERS.encode()))
        whole = self.stats("t.csv", *COLUMNS)
        self.assertEqual(self.stats("t.csv.gz", *COLUMNS), whole)
        self.assertEqual(self.stats("-", *COLUMNS, stdin=TRANSFERS), whole)
        records = [dict(r, when=int(r["when"])) for r in csv.DictReader(io.StringIO(TRANSFERS))]
        self.write("t.ndjson", lines(records))
        self.assertEqual(self.stats("t.ndjson", *COLUMNS), whole)

    def test_files_are_one_stream_in_the_order_of_time(self):
        head, *rows = TRANSFERS.splitlines()
        self.write("odd.csv", "\n".join([head, *rows[::2]]))
        self.write("even.csv", "\n".join([head, *reversed(rows[1::2])]))
        self.assertEqual(self.graph("cycles", "odd.csv", "even.csv", *COLUMNS, "--within", "9h").stdout,
                         self.graph("cycles", "t.csv", *COLUMNS, "--within", "9h").stdout)
        late = self.graph("stats", "even.csv", *COLUMNS, "--lateness", "0s")
        self.assertIn("2 records set aside (0 bad, 2 late)", late.stderr)

    def test_the_graph_of_a_rule_file_and_its_window(self):
        self.write("g.weir", RULES)
        self.write("e.csv", "at,source,target,sum\n3600000,a,b,1\n7200000,b,c,2\n14400000,c,a,3\n")
        found = self.stats("e.csv", "--rules", "g.weir")
        self.assertEqual((found["edges"], found["weight"]), (2, "5.00"))
        self.assertEqual(self.stats("e.csv", "--rules", "g.weir", "--keep", "9h")["edges"], 3)
        by_event = self.stats("e.csv", "--rules", "g.weir", "--event", "transfer", "--from", "source", "--to", "target")
        self.assertEqual(by_event["edges"], 3)

    def test_the_sources_of_a_configuration(self):
        self.write("g.weir", RULES)
        self.write("e.csv", "hour,source,target,sum\n1,a,b,1\n2,b,c,2\n")
        self.write("weir.toml", 'rules = ["g.weir"]\n[source.transfers]\ntype = "file"\npath = "e.csv"\n'
                                'event = "transfer"\nat = { field = "hour", unit = "1h" }\n')
        self.assertEqual(self.stats("-c", "weir.toml")["last"], "1970-01-01T02:00:00Z")

    def test_the_window_and_the_moment(self):
        self.assertEqual(self.stats("t.csv", *COLUMNS, "--keep", "1h")["edges"], 2)
        self.assertEqual(self.stats("t.csv", *COLUMNS, "--as-of", "3")["edges"], 4)
        self.assertEqual(self.stats("t.csv", *COLUMNS, "--as-of", "1970-01-01T03:30:00Z", "--keep", "1h")["edges"], 1)
        self.assertEqual(self.stats("t.csv", *COLUMNS, "--as-of", "100", "--keep", "1h")["edges"], 0)

    def test_bad_records_are_counted_and_set_aside_with_their_line(self):
        self.write("bad.csv", TRANSFERS + "x,y,soon,1\nx,y\nf,,6,1\n")
        done = self.graph("stats", "bad.csv", *COLUMNS, "--set-aside", "aside.ndjson")
        self.assertIn("3 records set aside (3 bad, 0 late), in aside.ndjson", done.stderr)
        aside = self.read_lines("aside.ndjson")
        self.assertEqual([a["line"] for a in aside], [8, 9, 10])
        self.assertIn('"soon" is not a time', aside[0]["reason"])
        self.write("bad.txt", "x y 1\nx y z\n")
        self.assertIn("bad.txt, line 2:", self.graph("stats", "bad.txt").stderr)

    def test_weights_that_are_too_fine_are_rounded_and_counted(self):
        self.write("f.csv", "from,to,at,weight\na,b,1,1.005\na,b,2,-1.005\na,b,3,2.5\n")
        done = self.graph("stats", "f.csv", "--format", "json")
        self.assertEqual(json.loads(done.stdout)["weight"], "2.50")
        self.assertIn("2 weights were rounded to 2 digits", done.stderr)
        self.assertEqual(self.stats("f.csv", "--digits", "3")["weight"], "2.500")

    def test_a_header_without_a_time_is_told(self):
        done = self.graph("stats", "t.csv")
        self.assertIn("t.csv: no column is called as a time is: edges have none; say --at", done.stderr)
        self.assertNotIn("--at", self.graph("stats", "t.csv", *COLUMNS).stderr)

    def test_wrong_use_is_one_clear_line(self):
        self.write("one.csv", "x\n")
        for arguments, said in ((["t.csv", "--from", "payr"], 'no column "payr".*did you mean "payer"'),
                                (["one.csv"], "say which of its columns an edge leaves"),
                                ([], "no input"),
                                (["t.csv", *COLUMNS, "--keep", "long"], '--keep: "long" is not a duration'),
                                (["t.csv", *COLUMNS, "--as-of", "then"], '--as-of: "then" is not a time'),
                                (["x.ndjson"], "say which fields an edge leaves"),
                                (["t.csv", "--rules", "rules.weir"], "the rules declare no graph")):
            self.assertRegex(self.graph("stats", *arguments, code=2).stderr, f"^weir: .*{said}")
        self.graph("stats", "none.csv", *COLUMNS, code=3)
        self.write("x.csv", "from,to,at\na,b,never\n")
        self.assertIn("no record is an edge; x.csv, line 2", self.graph("stats", "x.csv", code=3).stderr)

    def test_every_verb_explains_itself(self):
        for verb in ("stats", "components", "pagerank", "cycles", "neighbours", "features", "export", "draw"):
            said = self.graph(verb, "--help").stdout
            self.assertIn(f"Example: weir graph {verb} ", said)
            self.assertIn("--keep", said)


class AnswerTest(GraphTest):
    def test_stats_for_people(self):
        said = self.graph("stats", "t.csv", *COLUMNS, "--top", 1).stdout
        self.assertRegex(said, r"edges +6  1970-01-01T01:00:00Z to 1970-01-01T05:00:00Z\n")
        self.assertRegex(said, r"components +2\n  the largest +4\n")
        self.assertRegex(said, r"\n  a +1 +2 +1 +2 +28\.00 +30\.50\n$")
        self.assertEqual(self.graph("stats", "t.csv", *COLUMNS, "--as-of", 0).stdout, "no edges\n")

    def test_components(self):
        self.assertIn("2 components of 5 vertices", self.graph("components", "t.csv", *COLUMNS).stdout)
        rows = self.rows("components", "t.csv", *COLUMNS, "--format", "csv")
        self.assertEqual({r["vertex"]: (r["component"], r["size"]) for r in rows},
                         dict.fromkeys("abcd", ("1", "4")) | {"e": ("2", "1")})
        alone = json.loads(self.graph("components", "t.csv", *COLUMNS, "--of", "e", "--format", "json").stdout)
        self.assertEqual([c["vertices"] for c in alone], [["e"]])
        self.assertIn('no edge has "f" at an end', self.graph("components", "t.csv", *COLUMNS, "--of", "f", code=2).stderr)

    def test_pagerank(self):
        rows = self.rows("pagerank", "t.csv", *COLUMNS, "--format", "csv")
        rank = {r["vertex"]: float(r["rank"]) for r in rows}
        self.assertAlmostEqual(rank["e"], 1, places=4)  # all of it goes round
        self.assertAlmostEqual(rank["b"], rank["c"], places=4)
        self.assertAlmostEqual(rank["d"], 0.15 + 0.85 * (rank["b"] + rank["c"]), places=4)
        seeded = json.loads(self.graph("pagerank", "t.csv", *COLUMNS, "--seed", "e", "--format", "json").stdout)
        self.assertEqual(seeded["ranks"][0]["vertex"], "e")
        self.assertLessEqual(seeded["error_bound"], 1e-6)
        self.assertEqual({r["rank"] for r in seeded["ranks"][1:]}, {0})

    def test_cycles(self):
        said = self.graph("cycles", "t.csv", *COLUMNS, "--within", "3h").stdout
        self.assertIn("2 cycles\n", said)
        self.assertIn("\na -> b -> d -> a\n  1970-01-01T01:00:00Z  10.00\n", said)
        self.assertIn("0 cycles", self.graph("cycles", "t.csv", *COLUMNS, "--within", "2h").stdout)
        found = json.loads(self.graph("cycles", "t.csv", *COLUMNS, "--within", "3h", "--length-min", 1, "--format",
                                      "json").stdout)
        self.assertEqual((found["count"], found["by_length"]), (3, {"1": 1, "3": 2}))
        rows = self.rows("cycles", "t.csv", *COLUMNS, "--keep", "4h", "--format", "csv")
        self.assertEqual([(r["cycle"], r["step"], r["from"]) for r in rows[:3]],
                         [("1", "1", "a"), ("1", "2", "c"), ("1", "3", "d")])
        self.assertIn("say --within", self.graph("cycles", "t.csv", *COLUMNS, code=2).stderr)
        cut = self.graph("cycles", "t.csv", *COLUMNS, "--within", "3h", "--steps-max", 1).stdout
        self.assertRegex(cut, r"searches ended at --steps-max")

    def test_neighbours(self):
        rows = self.rows("neighbours", "t.csv", *COLUMNS, "--of", "a", "--hops", 2, "--format", "csv")
        self.assertEqual([(r["vertex"], r["hops"], r["of"], r["edges_to"], r["weight_from"]) for r in rows],
                         [("b", "1", "a", "1", "0.00"), ("c", "1", "a", "1", "0.00"), ("d", "1", "a", "0", "28.00")])
        self.assertIn("e has no neighbour", self.graph("neighbours", "t.csv", *COLUMNS, "--of", "e").stdout)
        some = self.graph("neighbours", "t.csv", *COLUMNS, "--of", "a", "--top", 1).stdout
        self.assertIn("and 2 more: --top", some)


class FeaturesTest(GraphTest):
    def test_a_row_for_each_transaction(self):
        rows = self.rows("features", "t.csv", *COLUMNS, "--keep", "9h", "--simple-cycles", "9h")
        self.assertEqual([r["from"] + r["to"] for r in rows], ["ab", "ac", "bd", "cd", "da", "ee"])
        last = rows[4]
        self.assertEqual((last["at"], last["weight"]), ("1970-01-01T04:00:00Z", "28.00"))
        self.assertEqual((last["temporal_cycles_3"], last["simple_cycles_3"], last["to_fan_out"]), ("2", "2", "2"))
        self.assertEqual((last["to_out_sum"], last["to_out_mean"]), ("30.50", "15.25"))
        self.assertEqual((rows[3]["scatter_gather_width"], rows[2]["scatter_gather_width"]), ("2", "1"))

    def test_groups_have_windows_of_their_own(self):
        rows = self.rows("features", "t.csv", *COLUMNS, "--fan", "1h", "--degree", "9h")
        self.assertNotIn("to_in_sum", rows[0])
        self.assertEqual((rows[3]["from_in_degree"], rows[3]["from_fan_in"]), ("1", "0"))
        self.assertIn("say over which window", self.graph("features", "t.csv", *COLUMNS, code=2).stderr)

    def test_columns_are_files_that_numpy_reads(self):
        self.graph("features", "t.csv", *COLUMNS, "--keep", "9h", "--format", "columns", "-o", "f")
        rows = self.rows("features", "t.csv", *COLUMNS, "--keep", "9h")
        about = json.loads((self.folder / "f/columns.json").read_text())
        self.assertEqual((about["rows"], about["digits"]), (6, 2))
        self.assertEqual([c["name"] for c in about["columns"]], list(rows[0]))
        for column in about["columns"]:
            whole = column["type"] == "int64"
            values = self.read_npy(self.folder / "f" / column["file"], whole)
            if column["name"] in ("from", "to", "at"):
                continue
            scale = 100 if column["unit"] else 1
            for row, value in zip(rows, values, strict=True):
                self.assertAlmostEqual(float(row[column["name"]]) * scale, value, places=5)
        names = list(csv.DictReader(io.StringIO((self.folder / "f/vertices.csv").read_text())))
        self.assertEqual([n["name"] for n in names], list("abcde"))
        self.assertIn("say which folder", self.graph("features", "t.csv", *COLUMNS, "--keep", "9h", "--format",
                                                     "columns", code=2).stderr)

    def read_npy(self, path, whole):
        data = path.read_bytes()
        self.assertEqual(data[:8], b"\x93NUMPY\x01\x00")
        header = data[10:10 + struct.unpack("<H", data[8:10])[0]].decode()
        self.assertEqual(len(header) + 10, 128)
        rows = int(re.search(r"'shape': \((\d+),\)", header).group(1))
        self.assertIn("'<i8'" if whole else "'<f8'", header)
        self.assertEqual(len(data), 128 + 8 * rows)
        return struct.unpack(f"<{rows}{'q' if whole else 'd'}", data[128:])

    def test_every_column_is_explained(self):
        said = self.graph("features", "--columns").stdout
        self.assertRegex(said, r"gather_scatter_width +the greatest w")
        self.assertEqual(len(said.splitlines()), 50)


class PictureTest(GraphTest):
    def test_exports(self):
        root = xml.fromstring(self.graph("export", "t.csv", *COLUMNS).stdout)
        space = "{http://graphml.graphdrawing.org/xmlns}"
        self.assertEqual([n.find(f"{space}data").text for n in root.iter(f"{space}node")], list("abcde"))
        self.assertEqual(len(list(root.iter(f"{space}edge"))), 6)
        self.graph("export", "t.csv", *COLUMNS, "--format", "json", "-o", "g.json")
        found = json.loads((self.folder / "g.json").read_text())
        self.assertEqual(found["links"][1], {"source": "a", "target": "c", "at": "1970-01-01T01:00:00Z", "weight": 20.5})
        self.assertIn('n0 -> n1 [label="10.00"', self.graph("export", "t.csv", *COLUMNS, "--format", "dot").stdout)
        self.graph("export", "t.csv", *COLUMNS, "-o", "no/such/folder", code=3)

    def test_a_picture_names_who_is_near_and_counts_the_rest(self):
        self.write("hub.csv", "from,to,at,weight\n" + "".join(f"h,<{i}>,{i},{i}\n" for i in range(1, 31)))
        svg = self.graph("draw", "hub.csv", "--around", "h", "--neighbours", 5).stdout
        texts = [t.text for t in xml.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")]
        self.assertTrue({"h", "<30>", "<26>", "+ 25 more", "325.00 in 25"} <= set(texts), texts)
        self.assertNotIn("<25>", texts)

    def test_a_hub_of_a_million_edges_is_drawn_at_once(self):
        self.write("hub.csv", "from,to,at,weight\n" + "".join(
            f"{i % 5000},h,{i},1\n" if i % 2 else f"h,{i % 7000},{i},2\n" for i in range(1_000_000)))
        began = time.monotonic()
        svg = self.graph("draw", "hub.csv", "--around", "h").stdout
        self.assertLess(time.monotonic() - began, 20)
        self.assertIn(">+ 5,992 more</text>", svg)

    def test_no_two_labels_of_a_picture_overlap(self):
        self.write("net.csv", "from,to,at,weight\n" + "".join(
            f"account-{i},account-{k},{i},{i * k % 97}.50\n" for i in range(20) for k in ((i * 3 + 1) % 20, i // 2)))
        svg = self.graph("draw", "net.csv", "--around", "account-0", "--hops", 4, "--neighbours", 20, "--vertices", 20).stdout
        texts = [t for t in xml.fromstring(svg).iter("{http://www.w3.org/2000/svg}text") if t.get("class") != "title"]
        self.assertGreaterEqual(len([t for t in texts if t.get("class") is None]), 20)
        boxes = []
        for t in texts:
            small = t.get("class") == "weight"
            boxes.append((float(t.get("x")), float(t.get("y")), len(t.text) * (5.2 if small else 6.3), 9 if small else 11))
        for i, a in enumerate(boxes):
            for b in boxes[:i]:
                apart = abs(a[0] - b[0]) >= (a[2] + b[2]) / 2 or abs(a[1] - b[1]) >= (a[3] + b[3]) / 2
                self.assertTrue(apart, (a, b))

    def test_a_reader_that_goes_away_is_no_error(self):
        self.write("many.csv", "from,to,at\n" + "a,b,1\n" * 200_000)
        process = self.start("sh", "-c", f"{WEIR} graph export many.csv | head -1")
        self.assertNotIn("error", self.finish(process)[1])


class DocsTest(GraphTest):
    def test_what_the_documentation_shows_is_what_the_command_says(self):
        page = (pathlib.Path(__file__).parents[2] / "docs" / "graph.md").read_text(encoding="utf-8")
        section = page.split("## From the command line\n")[1].split("\n## ")[0]
        self.write("transfers.csv", re.search(r"```csv\n(.*?)```", section, re.DOTALL).group(1))
        shown = re.findall(r"^    \$ weir (.*)\n((?:    .*\n|\n(?=    (?!\$)))*)", section, re.MULTILINE)
        self.assertGreaterEqual(len(shown), 5)
        for command, answer in shown:
            expected = re.sub(r"^    ", "", answer, flags=re.MULTILINE)
            self.assertEqual(self.weir(*command.split()).stdout, expected, command)
        drawn = re.search(r"^    weir (graph draw .*)$", section, re.MULTILINE).group(1)
        self.weir(*drawn.split())
        self.assertIn("<svg", (self.folder / "dee.svg").read_text())


if __name__ == "__main__":
    unittest.main()
