#include <random>
#include <string>

#include <catch2/catch.hpp>

#include "apps/weir/lsp/document.hpp"
#include "apps/weir/lsp/framing.hpp"
#include "apps/weir/lsp/server.hpp"
#include "apps/weir/lsp/uri.hpp"

using namespace weir::app::lsp;

namespace {

json position(std::uint32_t line, std::uint32_t character) { return {{"line", line}, {"character", character}}; }

json replaced(const json& start, const json& end, const std::string& text) {
  return {{"range", {{"start", start}, {"end", end}}}, {"text", text}};
}

std::string changed(std::string text, const json& change) {
  apply_change(text, change);
  return text;
}

const std::vector<std::string> typed_pieces = {"entity a\n",
                                               "event e { at: time  a: a  x: int? }\n",
                                               "rule r for a {\n",
                                               "  match p: e where x > ",
                                               "then no e within 5m\n",
                                               "  when p.",
                                               "}\n",
                                               "{",
                                               "\"",
                                               "\"{",
                                               "(",
                                               ")",
                                               "]->",
                                               "[",
                                               "🎉",
                                               "ä",
                                               "\r\n",
                                               "#",
                                               ".",
                                               ":",
                                               " over ",
                                               "count(e) ",
                                               "import ",
                                               "test \"t\" { e { at: 0m  a: A } expect ",
                                               "reason \"{p.x} ",
                                               "graph g : e(a -> a) keep 1d\n",
                                               "g.cycle(p, ",
                                               " raise e { x: "};

}  // namespace

TEST_CASE("messages come out as they went in, however their bytes are cut") {
  const std::string first = R"({"id":1})";
  const std::string second = "{\"text\":\"\r\n\r\nContent-Length: 5\"}";
  const auto sent = framed(first) + framed("") + framed(second);
  for (std::size_t cut = 1; cut <= sent.size(); ++cut) {
    message_reader reader;
    std::vector<std::string> got;
    for (std::size_t at = 0; at < sent.size(); at += cut) {
      reader.feed(std::string_view(sent).substr(at, cut));
      while (auto message = reader.next()) got.push_back(message->value());
    }
    REQUIRE(got == std::vector<std::string>{first, "", second});
  }
}

TEST_CASE("behind a wrong header the reader goes on at the next") {
  for (const std::string wrong : {"Content-Length: x\r\n\r\n{}", "nonsense\r\n\r\n", "Content-Length: 1e9\r\n\r\n{}",
                                  "Content-Length: 999999999999\r\n\r\n"}) {
    message_reader reader;
    reader.feed(wrong + framed("{}"));
    const auto fault = reader.next();
    REQUIRE(fault);
    CHECK_FALSE(fault->has_value());
    const auto good = reader.next();
    REQUIRE(good);
    CHECK(good->value() == "{}");
    CHECK_FALSE(reader.next());
  }
}

TEST_CASE("a path becomes a URI and a path again") {
  for (const std::string path : {"/a/b.weir", "/with blank & %20/ö/🎉.weir", "/", "/a+b(c)#d?e"}) {
    CHECK(path_of_uri(uri_of_path(path)) == path);
  }
  CHECK(uri_of_path("/a b.weir") == "file:///a%20b.weir");
  CHECK(path_of_uri("file://localhost/a/../b.weir") == "/b.weir");
  CHECK(path_of_uri("file:///a%2") == "/a%2");
  CHECK(path_of_uri("file:///a%zz") == "/a%zz");
  CHECK(path_of_uri("untitled:Untitled-1") == "untitled:Untitled-1");
}

TEST_CASE("a change replaces a range, counted in UTF-16") {
  const std::string text = "ä🎉x\nsecond";
  CHECK(changed(text, {{"text", "new"}}) == "new");
  CHECK(changed(text, replaced(position(0, 3), position(0, 4), "y")) == "ä🎉y\nsecond");
  CHECK(changed(text, replaced(position(0, 1), position(0, 3), "")) == "äx\nsecond");
  CHECK(changed(text, replaced(position(0, 4), position(1, 0), " ")) == "ä🎉x second");
  CHECK(changed(text, replaced(position(1, 6), position(1, 6), "!")) == "ä🎉x\nsecond!");
}

TEST_CASE("a change beyond the end is at the end, one from behind is turned round") {
  CHECK(changed("ab\ncd", replaced(position(0, 9), position(0, 9), "x")) == "abx\ncd");
  CHECK(changed("ab\ncd", replaced(position(9, 0), position(9, 9), "x")) == "ab\ncdx");
  CHECK(changed("ab\ncd", replaced(position(1, 1), position(0, 1), "x")) == "axd");
}

TEST_CASE("the edits between two texts turn the one into the other") {
  const auto seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937 draw(seed);
  const auto text = [&] {
    std::string made;
    for (auto lines = draw() % 6; lines > 0; --lines)
      made += std::vector<std::string>{"a\n", "\n", "bä\n", "c", "\r\n"}[draw() % 5];
    return made;
  };
  for (int i = 0; i < 2000; ++i) {
    const auto before = text();
    const auto after = text();
    auto edited = before;
    for (const auto& edit : edits_between(before, after)) {
      apply_change(edited, {{"range", edit["range"]}, {"text", edit["newText"]}});
    }
    CAPTURE(before, after);
    REQUIRE(edited == after);
  }
  CHECK(edits_between("a\nb\n", "a\nb\n").empty());
}

TEST_CASE("any bytes are answered with messages, never with an end") {
  server served;
  for (const auto* bytes : {"", "{", "null", "[]", "\"\"", "{\"method\":\"initialize\"}",
                            "{\"id\":1,\"method\":\"initialize\",\"params\":5}",
                            "{\"id\":1,\"method\":\"initialize\",\"params\":{\"capabilities\":5}}"}) {
    CAPTURE(bytes);
    for (const auto& said : served.take(bytes)) CHECK(said["jsonrpc"] == "2.0");
    CHECK_FALSE(served.has_ended());
  }
}

TEST_CASE("whatever is typed and asked, the server has an answer that is no fault of its own") {
  const auto seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937 draw(seed);
  const json document = {{"uri", "untitled:a"}};
  server served;
  const auto send = [&](const std::string& method, const json& params, bool request) {
    json message = {{"method", method}, {"params", params}};
    if (request) message["id"] = 1;
    return served.take(message.dump());
  };
  const auto change = [&](const json& what) {
    send("textDocument/didChange", {{"textDocument", document}, {"contentChanges", json::array({what})}}, false);
  };
  const auto place = [&] { return position(draw() % 12, draw() % 40); };
  send("initialize", {{"capabilities", json::object()}}, true);
  send("textDocument/didOpen", {{"textDocument", {{"uri", "untitled:a"}, {"text", ""}}}}, false);

  const std::vector<std::string> methods = {"hover",      "completion", "definition",
                                            "references", "formatting", "documentSymbol"};
  std::size_t said_something = 0;
  for (int i = 0; i < 3000; ++i) {
    if (i % 200 == 0) change({{"text", typed_pieces[0] + typed_pieces[1] + typed_pieces[2]}});
    const auto start = place();
    change(replaced(start, draw() % 8 == 0 ? place() : start, typed_pieces[draw() % typed_pieces.size()]));
    const auto& method = methods[draw() % methods.size()];
    const auto said = send("textDocument/" + method, {{"textDocument", document}, {"position", place()}}, true);
    CAPTURE(i, method);
    REQUIRE(said.size() == 1);
    REQUIRE(said[0].contains("result"));
    if (!said[0]["result"].empty()) ++said_something;
    if (draw() % 8 == 0) served.check();
  }
  CHECK(said_something > 300);
}
