// Graphs in the words of other programs.
#include <catch2/catch.hpp>
#include <string>

#include "graph/export.hpp"
#include "tests/graph/small_graph.hpp"

namespace weir::graph {

namespace {

export_words words_with(std::string first) {
  return {.name = [first](vertex_id v) { return v == a ? first : "v" + std::to_string(static_cast<std::uint32_t>(v)); },
          .at = [](time_us at) { return std::to_string(static_cast<std::int64_t>(at)); },
          .weight = [](std::int64_t weight) { return std::to_string(weight) + ".5"; }};
}

auto into(std::string& text) {
  return [&text](std::string_view line) { text.append(line).append("\n"); };
}

}  // namespace

TEST_CASE("GraphML has the vertices of edges, and escapes what XML reads otherwise") {
  std::string text;
  write_graphml(graph_of({pay(a, c, 3)}), words_with("<A & \"B\">\x01"), into(text));
  CHECK(text == R"(<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
  <key id="name" for="node" attr.name="name" attr.type="string"/>
  <key id="at" for="edge" attr.name="at" attr.type="string"/>
  <key id="weight" for="edge" attr.name="weight" attr.type="double"/>
  <graph edgedefault="directed">
    <node id="n0"><data key="name">&lt;A &amp; &quot;B&quot;&gt;�</data></node>
    <node id="n2"><data key="name">v2</data></node>
    <edge source="n0" target="n2"><data key="at">3</data><data key="weight">1.5</data></edge>
  </graph>
</graphml>
)");
}

TEST_CASE("DOT names vertices by label, and edges by weight") {
  std::string text;
  write_dot(graph_of({pay(a, b, 3), pay(a, b, 4)}), words_with("A \"x\" \\"), into(text));
  CHECK(text == R"(digraph {
  n0 [label="A \"x\" \\"];
  n1 [label="v1"];
  n0 -> n1 [label="1.5", at="3"];
  n0 -> n1 [label="1.5", at="4"];
}
)");
}

TEST_CASE("JSON has nodes and links, without weights where there are none") {
  std::string text;
  auto words = words_with("A\n\"x\"");
  words.weight = nullptr;
  write_json(graph_of({pay(a, b, 3), pay(b, b, 4)}), words, into(text));
  CHECK(text == R"({"directed":true,"multigraph":true,"graph":{},"nodes":[
{"id":"A\u000a\"x\""},
{"id":"v1"}],"links":[
{"source":"A\u000a\"x\"","target":"v1","at":"3"},
{"source":"v1","target":"v1","at":"4"}]}
)");
}

TEST_CASE("a graph without edges is a file without any") {
  std::string text;
  write_json(store({.keep_us = 1}), words_with("A"), into(text));
  CHECK(text == "{\"directed\":true,\"multigraph\":true,\"graph\":{},\"nodes\":[\n],\"links\":[\n]}\n");
}

}  // namespace weir::graph
