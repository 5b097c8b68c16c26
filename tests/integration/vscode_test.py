"""The extension for Visual Studio Code: its files, its highlighting, and that it starts the server."""
import json
import os
import pathlib
import re
import subprocess
import unittest

SOURCE = pathlib.Path(__file__).resolve().parents[2]
EXTENSION = SOURCE / "apps/vscode"
GRAMMAR = json.loads((EXTENSION / "syntaxes/weir.tmLanguage.json").read_text())

# Words that are written as values of clauses: the checker's sources have them as texts among others.
SETTINGS = {"low", "medium", "high", "critical", "live", "shadow", "off", "each", "first", "all", "xgboost"}
UNITS = {"us", "ms"}  # those of one letter are not looked for


def patterns_in(node):
    """Every regular expression of the grammar."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key in ("match", "begin", "end"):
                yield value
            else:
                yield from patterns_in(value)
    elif isinstance(node, list):
        for value in node:
            yield from patterns_in(value)


def words_of_grammar():
    words = set()
    for pattern in patterns_in(GRAMMAR):
        plain = re.sub(r"\\[A-Za-z]|\[[^\]]*\]|\(\?<?[:=!]", " ", pattern)
        plain = re.sub(r"(\w)\?", r" \1? ", plain)  # `events?` is `event` and `events`
        for word in re.findall(r"[a-z_]+", plain.replace("alert s?", "alert alerts").replace("event s?", "event events")):
            words.add(word)
    return {word for word in words if len(word) > 1}


def words_of_language():
    """As the parser, the checker and the glossary have them."""
    syntax = SOURCE / "rules/syntax"
    vocabulary = (syntax / "vocabulary.hpp").read_text()
    words = set()
    for array in re.findall(r"_words = \{(.*?)\};", vocabulary, re.DOTALL):
        words |= set(re.findall(r'"(\w+)"', array))
    for source in syntax.glob("*.cpp"):
        words |= set(re.findall(r'keyword\("(\w+)"\)', source.read_text()))
    glossary = (SOURCE / "rules/index/glossary.cpp").read_text()
    for word, kind in re.findall(r'^    \{"(\w+)", (\w+),', glossary, re.MULTILINE):
        if kind != "graph_function":  # any name behind a point and before a bracket
            words.add(word)
    return words


class Highlighter:
    """As much of a TextMate tokenizer as the grammar needs: scopes by character."""

    def rules(self, patterns):
        for pattern in patterns:
            if "include" in pattern:
                named = GRAMMAR["repository"][pattern["include"][1:]]
                yield from self.rules([named] if "match" in named or "begin" in named else named["patterns"])
            else:
                yield pattern

    def scopes(self, text):
        lines = []
        stack = [({"patterns": GRAMMAR["patterns"]}, ())]
        for line in text.split("\n"):
            marks = [()] * len(line)
            at = 0
            while at <= len(line):
                at = self.step(line, at, marks, stack)
            lines.append(marks)
        return lines

    def step(self, line, at, marks, stack):
        inside, names = stack[-1]
        end = re.compile(inside["end"]).search(line, at) if "end" in inside else None
        best, rule = end, None
        for candidate in self.rules(inside["patterns"]):
            found = re.compile(candidate.get("match") or candidate["begin"]).search(line, at)
            if found and (best is None or found.start() < best.start()):
                best, rule = found, candidate
        if best is None:
            self.mark(marks, at, len(line), names)
            return len(line) + 1
        self.mark(marks, at, best.start(), names)
        kept = names + ((rule["name"],) if rule and "name" in rule else ())
        self.mark(marks, best.start(), best.end(), kept if rule else names)
        captures = inside.get("endCaptures", {}) if rule is None else rule.get("captures", rule.get("beginCaptures", {}))
        for number, capture in captures.items():
            if best[int(number)] is not None:
                self.mark(marks, best.start(int(number)), best.end(int(number)), kept + (capture["name"],))
        if rule is None:
            stack.pop()
        elif "begin" in rule:
            stack.append((rule, kept))
        elif best.end() == at:
            return at + 1
        return best.end()

    @staticmethod
    def mark(marks, first, last, names):
        for i in range(first, last):
            marks[i] = names


def scopes_of(line, before=""):
    """The innermost scope of every word of a line: [("rule", "keyword.declaration"), …]."""
    lines = Highlighter().scopes(before + line)
    text = (before + line).split("\n")[-1]
    found = []
    for word in re.finditer(r"\w+", text):
        names = lines[-1][word.start()]
        found.append((word[0], names[-1].removesuffix(".weir") if names else ""))
    return found


class FilesTest(unittest.TestCase):
    def test_the_json_files_are_valid_and_name_what_is_there(self):
        package = json.loads((EXTENSION / "package.json").read_text())
        json.loads((EXTENSION / "language-configuration.json").read_text())
        language, = package["contributes"]["languages"]
        grammar, = package["contributes"]["grammars"]
        self.assertEqual((language["id"], language["extensions"]), ("weir", [".weir"]))
        self.assertEqual((grammar["language"], grammar["scopeName"]), ("weir", GRAMMAR["scopeName"]))
        for file in (package["main"], language["configuration"], grammar["path"], "README.md"):
            self.assertTrue((EXTENSION / file).is_file(), file)

    def test_the_grammar_includes_what_it_has_and_has_what_it_includes(self):
        included = set(re.findall(r'"include": "#(\w+)"', json.dumps(GRAMMAR)))
        self.assertEqual(included, set(GRAMMAR["repository"]))


class WordsTest(unittest.TestCase):
    def test_the_words_that_are_highlighted_are_those_of_the_language(self):
        language = words_of_language() | SETTINGS | UNITS
        self.assertGreater(len(language), 100)
        self.assertEqual(words_of_grammar() - language, set())
        self.assertEqual(language - words_of_grammar(), set())


class HighlightingTest(unittest.TestCase):
    def check(self, line, *expected, before=""):
        """The first of each word has the scope, or one of its kind; "" is none."""
        found = {}
        for word, scope in scopes_of(line, before):
            found.setdefault(word, scope)
        for word, wanted in expected:
            self.assertTrue(found[word].startswith(wanted) if wanted else not found[word], f"{line}\n{word}: {found[word]}")

    def test_declarations(self):
        self.check("event payment { at: time  amount: money(EUR)? }", ("event", "keyword.declaration"),
                   ("payment", "entity.name.type"), ("at", "variable"), ("time", "support.type"),
                   ("money", "support.type"), ("EUR", "keyword.other.unit"))
        self.check("rule ring for acct: account version 3 {", ("rule", "keyword.declaration"),
                   ("ring", "entity.name.function"), ("for", "keyword"), ("acct", "variable"), ("version", "keyword"),
                   ("3", "constant.numeric"))
        self.check('list payroll : account from "x.csv"', ("list", "keyword.declaration"), ("from", "keyword"),
                   ("csv", "string.quoted"))
        self.check("graph g : transfer(from -> to, weight amount) keep 30d refresh 10s", ("g", "entity.name.type"),
                   ("transfer", "entity.name.type"), ("from", ""), ("to", ""), ("weight", "keyword"), ("amount", ""),
                   ("keep", "keyword"), ("30d", "constant.numeric"), ("refresh", "keyword"))

    def test_clauses_and_steps(self):
        self.check("  severity high", ("severity", "keyword.control.clause"), ("high", "constant.language"))
        self.check("  match 5 times fail: login where not ok", ("match", "keyword"), ("5", "constant.numeric"),
                   ("times", "keyword"), ("fail", "variable"), ("login", ""), ("where", "keyword"), ("not", "keyword"))
        self.check("  then next all of (a, b) within 5m of l", ("then", "keyword"), ("next", "keyword"),
                   ("all", "keyword"), ("of", "keyword"), ("5m", "constant.numeric.duration"), ("l", ""))
        self.check("  suppress by x.to for 1h", ("suppress", "keyword"), ("by", "keyword"), ("to", "variable.other"),
                   ("for", "keyword"))
        self.check("    expect no alert for C1 at 9m", ("expect", "keyword"), ("no", "keyword"), ("alert", "keyword"),
                   ("at", "keyword"))

    def test_expressions(self):
        self.check("  when count(payment) over prior 30d > 5_000.5 EUR", ("count", "support.function.aggregate"),
                   ("payment", ""), ("over", "keyword"), ("prior", "keyword"), ("30d", "constant.numeric.duration"),
                   ("EUR", "keyword.other.unit"))
        self.check('  when payments.fan_in(acct) over 7d >= 4 and lower(a.b) in names', ("fan_in", "support.function"),
                   ("lower", "support.function"), ("b", "variable.other"), ("and", "keyword"), ("in", "keyword"))
        self.check("  when x is not missing or y is missing", ("is", "keyword"), ("not", "keyword"),
                   ("missing", "constant.language"))

    def test_names_that_are_words_of_the_language_are_names(self):
        self.check("  match in: transfer where to = acct and in.at = 1", ("in", "variable"), ("to", ""), ("and", "keyword"))
        self.assertEqual([scope for word, scope in scopes_of("  on x where from = y and x.from = 1") if word == "from"],
                         ["", "variable.other.property"])
        self.check("  when x.score > length and next = some", ("score", "variable.other"), ("length", ""), ("next", ""),
                   ("some", ""))

    def test_texts_comments_and_reasons(self):
        self.check('  when x = "rule \\" when" and y # when 5m', ("rule", "string"), ("and", "keyword"),
                   ("5m", "comment"))
        reason = dict(scopes_of('  reason "paid {p.amount} in \\{span} {span}" # end'))
        self.assertEqual(reason["paid"], "string.quoted.double")
        self.assertEqual(reason["amount"], "variable.other.property")
        self.assertEqual(reason["in"], "string.quoted.double")
        self.assertEqual(reason["span"], "variable.language")
        self.assertEqual(reason["end"], "comment.line.number-sign")

    def test_an_open_text_ends_with_its_line(self):
        for line in ('  reason "paid {p.amount', '  when x = "y', '  reason'):
            self.check("  when x", ("when", "keyword"), before=line + "\n")

    def test_reserved_words_of_whole_files_are_highlighted(self):
        reserved = set("and between is match no not on or over then unless when where within".split())
        for file in [*(SOURCE / "rules/packs").glob("*.weir"), SOURCE / "tests/rules/format/whole_language.weir"]:
            text = file.read_text()
            for number, (line, marks) in enumerate(zip(text.split("\n"), Highlighter().scopes(text)), 1):
                for word in re.finditer(r"\w+", line):
                    names = marks[word.start()]
                    if word[0] in reserved and not (names and names[-1].startswith(("string", "comment"))):
                        self.assertTrue(names and names[-1].startswith("keyword"), f"{file.name}:{number}: {word[0]}")


class ExtensionTest(unittest.TestCase):
    """The extension itself, with what an editor gives it; the client that it makes speaks to the real server."""

    def run_with(self, command):
        stand_in = pathlib.Path(__file__).with_name("vscode_stand_in.js")
        return subprocess.run([os.environ["WEIR_NODE"], stand_in, EXTENSION, command], capture_output=True, text=True,
                              timeout=60)

    def test_a_command_that_is_not_there_is_a_message_that_helps(self):
        done = self.run_with("/not/there/weir")
        self.assertIn('Is weir installed? The setting "weir.command" says where.', done.stderr)

    def test_it_starts_the_server_and_stops_it(self):
        done = self.run_with(os.environ["WEIR_COMMAND"])
        self.assertEqual(done.returncode, 0, done.stderr)
        said = json.loads(done.stdout)
        self.assertEqual(said["server"], "weir")
        self.assertEqual(said["selector"], [{"language": "weir"}])
        self.assertEqual(said["events"], ["start", "stop", "start", "stop"])
        self.assertIn("weir.restart", said["commands"])
        package = json.loads((EXTENSION / "package.json").read_text())
        self.assertEqual(said["commands"], [c["command"] for c in package["contributes"]["commands"]])
        self.assertEqual(set(said["required"]) - {"vscode"}, set(package["dependencies"]))
        self.assertLessEqual(set(said["settings"]), set(package["contributes"]["configuration"]["properties"]))


if __name__ == "__main__":
    unittest.main()
