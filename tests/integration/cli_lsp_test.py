"""weir lsp: the real server over its real protocol, as an editor drives it."""
import json
import os
import re
import select
import subprocess
import unittest
import urllib.parse

from cli_harness import WEIR, CliTest

RULES = """entity card

event payment { at: time  id: text  card: card  merchant: text  amount: money(EUR) }

# How much is much.
param limit = 500 EUR

rule large for card {
  match small: payment where amount < 2 EUR
  then  big:   payment where amount > limit and merchant != small.merchant
  within 10m
  reason "{small.amount}, then {big.amount}"

  test "nothing yet" {
    expect no alert
  }
}
"""

ERROR, WARNING = 1, 2
PARSE_ERROR, INVALID_REQUEST, METHOD_NOT_FOUND, INVALID_PARAMS, NOT_INITIALIZED = -32700, -32600, -32601, -32602, -32002


def utf16(text):
    return len(text.encode("utf-16-le")) // 2


def position(text, place, behind=0):
    """Where `place` stands in the text, as editors count."""
    before = text[:text.index(place) + behind]
    return {"line": before.count("\n"), "character": utf16(before.rsplit("\n", 1)[-1])}


def range_of(text, place):
    return {"start": position(text, place), "end": position(text, place, len(place))}


class Editor:
    """The other end of the protocol."""

    def __init__(self, test, *flags):
        self.test = test
        self.process = subprocess.Popen([WEIR, "lsp", *flags], cwd=test.folder, stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=test.environment(),
                                        bufsize=0)
        test.started.append(self.process)
        self.unread = b""
        self.asked = 0
        self.diagnostics = {}  # what was published, by URI
        self.published = 0

    # ---- bytes

    def send_bytes(self, data):
        self.process.stdin.write(data)

    def send(self, message):
        body = message if isinstance(message, bytes) else json.dumps(message).encode()
        self.send_bytes(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))

    def fill(self, seconds):
        ready, _, _ = select.select([self.process.stdout], [], [], seconds)
        self.test.assertTrue(ready, "the server says nothing")
        more = self.process.stdout.read(1 << 16)
        self.test.assertTrue(more, "the server has gone")
        self.unread += more

    def receive(self, seconds=30):
        while b"\r\n\r\n" not in self.unread:
            self.fill(seconds)
        header, self.unread = self.unread.split(b"\r\n\r\n", 1)
        length = int(re.fullmatch(rb"Content-Length: (\d+)", header)[1])
        while len(self.unread) < length:
            self.fill(seconds)
        body, self.unread = self.unread[:length], self.unread[length:]
        message = json.loads(body)
        self.test.assertEqual(message["jsonrpc"], "2.0")
        if message.get("method") == "textDocument/publishDiagnostics":
            self.diagnostics[message["params"]["uri"]] = message["params"]["diagnostics"]
            self.published += 1
        return message

    # ---- messages

    def ask(self, method, params=None):
        """The whole answer; what is published meanwhile is kept."""
        self.asked += 1
        self.send({"jsonrpc": "2.0", "id": self.asked, "method": method} | ({} if params is None else {"params": params}))
        while True:
            message = self.receive()
            if message.get("id") == self.asked:
                return message

    def result(self, method, params=None):
        answer = self.ask(method, params)
        self.test.assertNotIn("error", answer)
        return answer["result"]

    def error(self, method, params=None):
        return self.ask(method, params)["error"]

    def tell(self, method, params=None):
        self.send({"jsonrpc": "2.0", "method": method, "params": {} if params is None else params})

    def initialize(self, **capabilities):
        return self.result("initialize", {"processId": None, "rootUri": None, "capabilities": capabilities})

    def begin(self):
        self.initialize(textDocument={"documentSymbol": {"hierarchicalDocumentSymbolSupport": True}})
        self.tell("initialized")
        return self

    def end(self):
        self.result("shutdown")
        self.tell("exit")
        self.test.assertEqual(self.process.wait(30), 0)

    # ---- documents

    def uri(self, name):
        return "file://" + urllib.parse.quote(str(self.test.folder / name))

    def open(self, name, text):
        self.tell("textDocument/didOpen", {"textDocument": {"uri": self.uri(name), "languageId": "weir", "version": 1,
                                                            "text": text}})

    def replace(self, name, text, version=2):
        self.change(name, {"text": text}, version=version)

    def change(self, name, *changes, version=2):
        self.tell("textDocument/didChange", {"textDocument": {"uri": self.uri(name), "version": version},
                                             "contentChanges": list(changes)})

    def close(self, name):
        self.tell("textDocument/didClose", {"textDocument": {"uri": self.uri(name)}})

    def next_diagnostics(self, name):
        """Those that are published next for a file."""
        while True:
            message = self.receive()
            if message.get("method") == "textDocument/publishDiagnostics" and message["params"]["uri"] == self.uri(name):
                return message["params"]["diagnostics"]

    def at(self, name, text, place, behind=0, **more):
        return {"textDocument": {"uri": self.uri(name)}, "position": position(text, place, behind)} | more


class LspTest(CliTest):
    def editor(self):
        return Editor(self, "--stdio").begin()

    def opened(self, text=RULES, name="cards.weir"):
        editor = self.editor()
        editor.open(name, text)
        return editor


class LifecycleTest(LspTest):
    def test_it_says_what_it_can(self):
        editor = Editor(self)
        said = editor.initialize()
        self.assertEqual(said["serverInfo"]["name"], "weir")
        can = said["capabilities"]
        self.assertEqual(can["positionEncoding"], "utf-16")
        self.assertEqual(can["textDocumentSync"]["change"], 2)
        for provider in ("hover", "definition", "references", "documentFormatting", "documentSymbol"):
            self.assertTrue(can[provider + "Provider"])
        self.assertIn(".", can["completionProvider"]["triggerCharacters"])
        editor.end()

    def test_nothing_is_answered_before_initialize(self):
        editor = Editor(self)
        self.assertEqual(editor.error("textDocument/hover", {})["code"], NOT_INITIALIZED)
        self.assertEqual(editor.error("shutdown")["code"], NOT_INITIALIZED)
        editor.open("cards.weir", RULES)  # passes
        editor.begin()
        self.assertEqual(editor.error("initialize", {})["code"], INVALID_REQUEST)
        self.assertIsNone(editor.result("textDocument/hover", editor.at("cards.weir", RULES, "limit")))
        editor.end()

    def test_after_shutdown_there_is_only_exit(self):
        editor = self.editor()
        self.assertIsNone(editor.result("shutdown"))
        self.assertEqual(editor.error("textDocument/hover", {})["code"], INVALID_REQUEST)
        editor.tell("exit")
        self.assertEqual(editor.process.wait(30), 0)

    def test_an_editor_that_goes_without_shutdown_gives_1(self):
        editor = self.editor()
        editor.tell("exit")
        self.assertEqual(editor.process.wait(30), 1)
        gone = self.editor()
        gone.process.stdin.close()
        self.assertEqual(gone.process.wait(30), 1)
        self.assertEqual(gone.process.stderr.read(), b"")

    def test_an_editor_that_does_not_listen_any_more_is_one_clear_line(self):
        editor = self.editor()
        editor.process.stdout.close()
        editor.tell("textDocument/didOpen", {"textDocument": {"uri": editor.uri("a.weir"), "text": RULES}})
        self.assertEqual(editor.process.wait(30), 3)
        self.assertRegex(editor.process.stderr.read(), rb"^weir: standard output: .+\n$")


class FaultTest(LspTest):
    def test_what_is_no_message_is_an_error_and_the_next_is_taken(self):
        editor = self.editor()
        faults = [(b"{", PARSE_ERROR), (b"", PARSE_ERROR), (b"\xff\xfe", PARSE_ERROR), (b'"\\ud800"', PARSE_ERROR),
                  (b"[" * 100_000, PARSE_ERROR), (b"[" * 100_000 + b"]" * 100_000, INVALID_REQUEST),
                  (b"[]", INVALID_REQUEST), (b"7", INVALID_REQUEST), (b"{}", INVALID_REQUEST),
                  (b'{"id":{},"method":"shutdown"}', INVALID_REQUEST), (b'{"id":1,"method":2}', INVALID_REQUEST)]
        for body, code in faults:
            with self.subTest(body[:20]):
                editor.send(body)
                self.assertEqual(editor.receive()["error"]["code"], code)
        self.assertEqual(editor.error("weir/unknown")["code"], METHOD_NOT_FOUND)
        editor.end()

    def test_a_wrong_header_is_an_error_and_the_next_message_is_taken(self):
        for header in (b"Content-Length: many\r\n\r\n", b"Content-Type: x\r\n\r\n{}", b"Content-Length: -5\r\n\r\n",
                       b"Content-Length: 99999999999999\r\n\r\n{}", b"\r\n\r\n", b"x" * 9000):
            with self.subTest(header[:40]):
                editor = self.editor()
                editor.send_bytes(header)
                error = editor.receive()
                self.assertEqual((error["id"], error["error"]["code"]), (None, PARSE_ERROR))
                editor.end()

    def test_messages_may_come_in_pieces_and_with_other_headers(self):
        editor = self.editor()
        body = b'{"jsonrpc":"2.0","id":"a","method":"weir/unknown"}'
        for byte in b"content-length: %d\r\nContent-Type: application/json\r\n\r\n%s" % (len(body), body):
            editor.send_bytes(bytes([byte]))
        answer = editor.receive()
        self.assertEqual((answer["id"], answer["error"]["code"]), ("a", METHOD_NOT_FOUND))
        editor.end()

    def test_unknown_notifications_and_answers_pass(self):
        editor = self.editor()
        editor.tell("$/cancelRequest", {"id": 1})
        editor.tell("weir/unknown", [1])
        editor.send({"jsonrpc": "2.0", "id": 5, "result": None})
        editor.end()

    def test_params_that_lack_something_are_an_error(self):
        editor = self.opened()
        uri = {"uri": editor.uri("cards.weir")}
        for params in ({}, [], {"textDocument": uri}, {"textDocument": uri, "position": {"line": "x", "character": 0}},
                       {"textDocument": {"uri": 5}, "position": {"line": 0, "character": 0}}):
            for method in ("hover", "completion", "definition", "references"):
                with self.subTest(params=params, method=method):
                    self.assertEqual(editor.error("textDocument/" + method, params)["code"], INVALID_PARAMS)
        for params in ({}, [], 5, {"textDocument": 5}, {"textDocument": uri, "contentChanges": [{}]},
                       {"textDocument": uri, "contentChanges": 5}):
            for method in ("didOpen", "didChange", "didSave"):
                editor.tell("textDocument/" + method, params)
        self.assertIsNotNone(editor.result("textDocument/hover", editor.at("cards.weir", RULES, "limit")))
        editor.end()

    def test_places_that_are_not_there_are_the_nearest_that_are(self):
        editor = self.opened()
        uri = {"uri": editor.uri("cards.weir")}
        for line, character in ((9999, 9999), (0, 4_000_000_000), (4_000_000_000, 0), (-1, -1)):
            for method in ("hover", "completion", "definition"):
                editor.result("textDocument/" + method, {"textDocument": uri, "position": {"line": line,
                                                                                         "character": character}})
        editor.end()

    def test_a_document_that_is_not_open_has_nothing_to_say(self):
        editor = self.editor()
        for method in ("hover", "completion", "definition", "references"):
            self.assertIsNone(editor.result("textDocument/" + method, editor.at("cards.weir", RULES, "limit")))
        for method in ("formatting", "documentSymbol"):
            self.assertIsNone(editor.result("textDocument/" + method, {"textDocument": {"uri": editor.uri("x.weir")}}))
        editor.end()


class DiagnosticsTest(LspTest):
    def test_a_mistake_is_shown_at_its_place_and_goes_when_it_is_mended(self):
        wrong = RULES.replace("amount > limit", "amuont > limit")
        editor = self.opened(wrong)
        found = editor.next_diagnostics("cards.weir")
        self.assertEqual(len(found), 1)
        self.assertEqual(found[0], {"range": range_of(wrong, "amuont"), "severity": ERROR, "source": "weir",
                                    "message": "there is no `amuont` here\nhint: did you mean `amount`?"})
        editor.replace("cards.weir", RULES)
        self.assertEqual(editor.next_diagnostics("cards.weir"), [])
        editor.end()

    def test_they_are_those_of_weir_check(self):
        text = "entity card\nevent p { at: time  card: card }\nrule r for card { match a: p then b: q }\nrule s { on p }\n"
        self.write("cards.weir", text)
        checked = json.loads(self.weir("check", "--json", "cards.weir", code=1).stdout)
        found = self.opened(text).next_diagnostics("cards.weir")
        self.assertEqual([d["range"] for d in found], [d["range"] for d in checked])
        self.assertEqual([d["severity"] for d in found], [d["severity"] for d in checked])
        self.assertGreater(len(found), 1)

    def test_the_buffer_counts_not_the_file(self):
        self.write("cards.weir", "this is no rule file")
        editor = self.opened(RULES)
        self.assertEqual(editor.next_diagnostics("cards.weir"), [])
        editor.end()

    def test_changes_of_ranges_are_taken_one_after_the_other(self):
        editor = self.opened(RULES)
        self.assertEqual(editor.next_diagnostics("cards.weir"), [])
        once = RULES.replace("< 2 EUR", "< 2 EURO")
        wrong = "# ein Täßchen 🎉 mehr\n" + once
        editor.change("cards.weir", {"range": {"start": position(RULES, " EUR\n  then", 4)} | {
            "end": position(RULES, " EUR\n  then", 4)}, "text": "O"},
            {"range": {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}},
             "text": "# ein Täßchen 🎉 mehr\n"})
        found = editor.next_diagnostics("cards.weir")
        self.assertEqual(found[0]["range"], range_of(wrong, "EURO"))
        editor.change("cards.weir", {"range": range_of(wrong, "🎉 mehr"), "text": "weniger"},
                      {"range": {"start": position(wrong, "EURO", 3), "end": position(wrong, "EURO", 4)}, "text": ""})
        self.assertEqual(editor.next_diagnostics("cards.weir"), [])
        editor.end()

    def test_columns_are_utf_16(self):
        text = RULES.replace("amount > limit and", 'merchant != "Kö🎉ln" and amuont > limit and')
        found = self.opened(text).next_diagnostics("cards.weir")
        self.assertEqual([d["range"] for d in found], [range_of(text, "amuont")])

    def test_line_ends_of_windows_count_as_one(self):
        text = RULES.replace("> limit", "> limt").replace("\n", "\r\n")
        found = self.opened(text).next_diagnostics("cards.weir")
        self.assertEqual([d["range"]["start"] for d in found], [{"line": 9, "character": 38}])

    def test_imported_files_count_open_or_not(self):
        types, rules = RULES.split("rule large", 1)
        rules = 'import "types/types.weir"\nrule large' + rules
        self.write("types/types.weir", types.replace("merchant: text", "merchant: txet"))
        editor = self.opened(rules)
        wrong = editor.next_diagnostics("types/types.weir")
        self.assertEqual(wrong[0]["range"], range_of(types.replace("merchant: text", "merchant: txet"), "txet"))
        editor.open("types/types.weir", types)
        self.assertEqual(editor.next_diagnostics("types/types.weir"), [])
        self.assertEqual(editor.diagnostics[editor.uri("cards.weir")], [])
        editor.replace("types/types.weir", types.replace("limit", "bound"))
        found = editor.next_diagnostics("cards.weir")
        self.assertEqual([d["range"] for d in found], [range_of(rules, "limit")])
        self.assertEqual(editor.next_diagnostics("types/types.weir"), [])
        editor.close("types/types.weir")  # what is on disk counts again
        self.assertEqual(len(editor.next_diagnostics("types/types.weir")), 1)
        editor.end()

    def test_a_file_that_an_open_one_imports_is_checked_as_part_of_it(self):
        lets = "let big(p: payment) = p.amount > 500 EUR\n"
        rules = RULES + 'import "lets.weir"\n'
        editor = self.opened(lets, "lets.weir")
        self.assertEqual(len(editor.next_diagnostics("lets.weir")), 1)  # by itself it knows no payment
        editor.open("cards.weir", rules)
        self.assertEqual(editor.next_diagnostics("lets.weir"), [])
        editor.close("cards.weir")
        self.assertEqual(len(editor.next_diagnostics("lets.weir")), 1)
        editor.end()

    def test_files_of_a_project_are_checked_together(self):
        types, rules = RULES.split("rule large", 1)
        self.write("weir.toml", 'rules = ["types.weir", "rules/large.weir"]\n')
        self.write("types.weir", types)
        self.write("rules/large.weir", "rule large" + rules)
        editor = self.opened("rule large" + rules, "rules/large.weir")
        self.assertEqual(editor.next_diagnostics("rules/large.weir"), [])
        editor.open("rules/other.weir", "rule r for card { on payment }")  # no part of it
        self.assertGreater(len(editor.next_diagnostics("rules/other.weir")), 0)
        editor.end()

    def test_closing_takes_findings_back(self):
        editor = self.opened("rule", "cards.weir")
        self.assertEqual(len(editor.next_diagnostics("cards.weir")), 1)
        editor.close("cards.weir")
        self.assertEqual(editor.next_diagnostics("cards.weir"), [])
        editor.end()

    def test_a_list_that_appears_on_disk_is_found_when_the_file_is_saved(self):
        text = RULES + 'list known : card from "known.csv"\n'
        editor = self.opened(text)
        self.assertEqual([d["range"] for d in editor.next_diagnostics("cards.weir")], [range_of(text, '"known.csv"')])
        self.write("known.csv", "C1\n")
        editor.tell("textDocument/didSave", {"textDocument": {"uri": editor.uri("cards.weir")}})
        self.assertEqual(editor.next_diagnostics("cards.weir"), [])
        editor.end()

    def test_an_unsaved_document_without_a_file_is_checked_too(self):
        editor = self.editor()
        editor.tell("textDocument/didOpen", {"textDocument": {"uri": "untitled:Untitled-1", "version": 4, "text": "rule"}})
        said = editor.receive()["params"]
        self.assertEqual((said["uri"], said["version"], len(said["diagnostics"])), ("untitled:Untitled-1", 4, 1))
        editor.end()

    def test_what_is_no_file_is_not_read(self):
        os.mkfifo(self.folder / "pipe.weir")
        for name in ("pipe.weir", "/dev/stdin", "/dev/zero", "."):
            text = f'import "{name}"\n'
            found = self.opened(text).next_diagnostics("cards.weir")
            self.assertEqual([d["range"] for d in found], [range_of(text, f'"{name}"')])
            self.assertRegex(found[0]["message"], "^can't read .*: it is not a plain file$")

    def test_names_with_blanks_and_umlauts(self):
        editor = self.opened("rule", "Müll & mehr.weir")
        self.assertEqual(len(editor.next_diagnostics("Müll & mehr.weir")), 1)
        editor.end()


class QuestionsTest(LspTest):
    def ask(self, editor, method, text, place, behind=0, **more):
        return editor.result("textDocument/" + method, editor.at("cards.weir", text, place, behind, **more))

    def test_hover(self):
        editor = self.opened()
        for place, behind, wanted in (("small.merchant", 1, "label"), ("limit and", 1, "How much is much."),
                                      ("payment where", 1, "event payment {"), ("small.merchant", 8, "merchant: text"),
                                      ("within 10m", 1, "within DURATION"), ("card {", 1, "entity")):
            with self.subTest(place):
                shown = self.ask(editor, "hover", RULES, place, behind)
                self.assertEqual(shown["contents"]["kind"], "markdown")
                self.assertIn(wanted, shown["contents"]["value"])
        shown = self.ask(editor, "hover", RULES, "small.merchant", 7)
        self.assertEqual(shown["range"], {"start": position(RULES, "small.merchant", 6),
                                          "end": position(RULES, "small.merchant", 14)})
        self.assertIsNone(self.ask(editor, "hover", RULES, "500 EUR"))
        editor.end()

    def test_hover_on_a_function(self):
        text = RULES.replace("amount < 2 EUR", 'lower(merchant) = "kiosk"')
        editor = self.opened(text)
        self.assertIn("lower(text)", self.ask(editor, "hover", text, "lower(", 2)["contents"]["value"])
        editor.end()

    def test_completion(self):
        editor = self.opened()

        def offered(text, place):
            editor.replace("cards.weir", text)
            found = self.ask(editor, "completion", text, place, len(place))
            ordered = sorted(found["items"], key=lambda item: item["sortText"])
            self.assertEqual(ordered, found["items"])
            return [item["label"] for item in ordered]

        self.assertEqual(offered(RULES.replace("!= small.merchant", "!= small."), "!= small."),
                         ["at", "id", "card", "merchant", "amount"])
        self.assertLessEqual({"on", "match", "severity", "when"}, set(offered(RULES.replace("within 10m", "wh"), "wh\n")))
        where = offered(RULES.replace("> limit and merchant != small.merchant", "> "), "amount > ")
        self.assertEqual(where[0], "at")
        self.assertLessEqual({"limit", "small", "amount", "count"}, set(where))
        self.assertEqual(offered(RULES.replace("# How", "# How\n"), "# How"), [])
        editor.end()

    def test_definition_in_this_file_and_in_an_imported_one(self):
        types, rules = RULES.split("rule large", 1)
        rules = 'import "types.weir"\nrule large' + rules
        path = self.write("types.weir", "# überall\n" + types)
        editor = self.opened(rules)
        types_uri = editor.uri("types.weir")
        self.assertEqual(self.ask(editor, "definition", rules, "limit"),
                         {"uri": types_uri, "range": range_of(path.read_text(), "limit")})
        self.assertEqual(self.ask(editor, "definition", rules, "small.merchant"),
                         {"uri": editor.uri("cards.weir"), "range": range_of(rules, "small")})
        self.assertEqual(self.ask(editor, "definition", rules, "types.weir"),
                         {"uri": types_uri, "range": {"start": {"line": 0, "character": 0},
                                                      "end": {"line": 0, "character": 0}}})
        self.assertIsNone(self.ask(editor, "definition", rules, "within"))
        self.assertEqual(self.ask(editor, "definition", rules, "card {"),
                         {"uri": types_uri, "range": range_of(path.read_text(), "card")})
        # An edit that is not saved moves it.
        editor.open("types.weir", "\n" + types)
        self.assertEqual(self.ask(editor, "definition", rules, "limit")["range"], range_of("\n" + types, "limit"))
        editor.end()

    def test_references(self):
        editor = self.opened()
        found = self.ask(editor, "references", RULES, "limit", context={"includeDeclaration": True})
        self.assertEqual([place["range"] for place in found],
                         [range_of(RULES, "limit"), {"start": position(RULES, "limit and"),
                                                     "end": position(RULES, "limit and", 5)}])
        found = self.ask(editor, "references", RULES, "limit", context={"includeDeclaration": False})
        self.assertEqual(len(found), 1)
        editor.end()

    def test_formatting(self):
        crowded = RULES.replace("  within 10m", "within   10m").replace("limit = 500", "limit=500")
        editor = self.opened(crowded)
        uri = {"textDocument": {"uri": editor.uri("cards.weir")}, "options": {"tabSize": 4, "insertSpaces": True}}
        edits = editor.result("textDocument/formatting", uri)
        self.assertEqual(len(edits), 1)
        start, end = edits[0]["range"]["start"], edits[0]["range"]["end"]
        self.assertEqual((start["character"], end["character"]), (0, 0))
        lines = crowded.splitlines(keepends=True)
        lines[start["line"]:end["line"]] = [edits[0]["newText"]]
        self.assertEqual("".join(lines), self.weir("fmt", stdin=crowded).stdout)
        self.assertEqual("".join(lines), RULES)
        editor.replace("cards.weir", RULES)
        self.assertEqual(editor.result("textDocument/formatting", uri), [])
        editor.replace("cards.weir", RULES + "rule {")
        self.assertIsNone(editor.result("textDocument/formatting", uri))
        editor.end()

    def test_outline(self):
        editor = self.opened()
        params = {"textDocument": {"uri": editor.uri("cards.weir")}}
        outline = editor.result("textDocument/documentSymbol", params)
        self.assertEqual([s["name"] for s in outline], ["card", "payment", "limit", "large"])
        self.assertEqual([s["name"] for s in outline[1]["children"]], ["at", "id", "card", "merchant", "amount"])
        self.assertEqual([s["name"] for s in outline[3]["children"]], ["small", "big", "nothing yet"])
        self.assertEqual(outline[3]["selectionRange"], {"start": position(RULES, "large"),
                                                        "end": position(RULES, "large", 5)})
        self.assertEqual(outline[3]["range"]["end"]["line"], RULES.count("\n") - 1)
        editor.end()

    def test_a_flat_outline_for_an_editor_that_knows_no_other(self):
        editor = Editor(self)
        editor.initialize()
        editor.open("cards.weir", RULES)
        flat = editor.result("textDocument/documentSymbol", {"textDocument": {"uri": editor.uri("cards.weir")}})
        self.assertEqual([(s["name"], s.get("containerName")) for s in flat][:3],
                         [("card", None), ("payment", None), ("at", "payment")])
        self.assertEqual(flat[0]["location"]["uri"], editor.uri("cards.weir"))
        editor.end()


if __name__ == "__main__":
    unittest.main()
