#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "graph/concepts.hpp"

namespace weir::graph {

/// What vertices, times and weights are called in a file; all UTF-8.
struct export_words {
  std::function<std::string(vertex_id)> name;
  std::function<std::string(time_us)> at;
  /// A number, as JSON spells it; empty where edges have no weights.
  std::function<std::string(std::int64_t)> weight;
};

namespace detail {

/// Vertices that have an edge, in the order in which their edges come.
template <directed_graph G>
std::vector<vertex_id> vertices_with_edges(const G& g) {
  std::vector<vertex_id> vertices;
  std::vector<bool> met(g.vertex_count());
  for (const edge& e : g.edges()) {
    for (const vertex_id v : {e.from, e.to}) {
      const auto i = static_cast<std::size_t>(v);
      if (!met[i]) vertices.push_back(v);
      met[i] = true;
    }
  }
  return vertices;
}

/// XML has no word for most control characters: they become U+FFFD.
inline std::string xml_text(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      default:
        if (static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r') {
          out += "\xEF\xBF\xBD";
        } else {
          out += c;
        }
    }
  }
  return out;
}

/// As a text of JSON, with its quotes.
inline std::string json_text(std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20) {
      out += "\\u00";
      out += digits[byte >> 4];
      out += digits[byte & 15];
    } else {
      if (c == '"' || c == '\\') out += '\\';
      out += c;
    }
  }
  return out + '"';
}

/// As a quoted id of DOT, where only the quote has another meaning, and a backslash in labels.
inline std::string dot_text(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

inline std::string number(vertex_id v) { return std::to_string(static_cast<std::uint32_t>(v)); }

}  // namespace detail

/// Writes a graph as GraphML, for Gephi, yEd, NetworkX, igraph: vertices that have an edge, with `name`; edges with
/// `at` and `weight`, in the order of the stream. `line` takes a line of text, without its end. Takes time for each
/// vertex and edge.
template <directed_graph G, class Line>
void write_graphml(const G& g, const export_words& words, Line line) {
  line(R"(<?xml version="1.0" encoding="UTF-8"?>)");
  line(R"(<graphml xmlns="http://graphml.graphdrawing.org/xmlns">)");
  line(R"(  <key id="name" for="node" attr.name="name" attr.type="string"/>)");
  line(R"(  <key id="at" for="edge" attr.name="at" attr.type="string"/>)");
  if (words.weight) line(R"(  <key id="weight" for="edge" attr.name="weight" attr.type="double"/>)");
  line(R"(  <graph edgedefault="directed">)");
  for (const vertex_id v : detail::vertices_with_edges(g)) {
    line("    <node id=\"n" + detail::number(v) + "\"><data key=\"name\">" + detail::xml_text(words.name(v)) +
         "</data></node>");
  }
  for (const edge& e : g.edges()) {
    const auto weight = words.weight ? "<data key=\"weight\">" + words.weight(e.weight) + "</data>" : std::string{};
    line("    <edge source=\"n" + detail::number(e.from) + "\" target=\"n" + detail::number(e.to) +
         "\"><data key=\"at\">" + detail::xml_text(words.at(e.at)) + "</data>" + weight + "</edge>");
  }
  line("  </graph>");
  line("</graphml>");
}

/// The same as DOT, for Graphviz: weights are labels.
template <directed_graph G, class Line>
void write_dot(const G& g, const export_words& words, Line line) {
  line("digraph {");
  for (const vertex_id v : detail::vertices_with_edges(g)) {
    line("  n" + detail::number(v) + " [label=" + detail::dot_text(words.name(v)) + "];");
  }
  for (const edge& e : g.edges()) {
    const auto label = words.weight ? "label=" + detail::dot_text(words.weight(e.weight)) + ", " : std::string{};
    line("  n" + detail::number(e.from) + " -> n" + detail::number(e.to) + " [" + label +
         "at=" + detail::dot_text(words.at(e.at)) + "];");
  }
  line("}");
}

/// The same as JSON: nodes and links, as D3 and NetworkX (`node_link_graph`) have them.
template <directed_graph G, class Line>
void write_json(const G& g, const export_words& words, Line line) {
  line(R"({"directed":true,"multigraph":true,"graph":{},"nodes":[)");
  std::string held;
  const auto item = [&](std::string text) {
    if (!held.empty()) line(held + ",");
    held = std::move(text);
  };
  const auto end_of_list = [&](std::string_view closing) {
    line(held + std::string(closing));
    held.clear();
  };
  for (const vertex_id v : detail::vertices_with_edges(g)) item("{\"id\":" + detail::json_text(words.name(v)) + "}");
  end_of_list("],\"links\":[");
  for (const edge& e : g.edges()) {
    const auto weight = words.weight ? ",\"weight\":" + words.weight(e.weight) : std::string{};
    item("{\"source\":" + detail::json_text(words.name(e.from)) + ",\"target\":" + detail::json_text(words.name(e.to)) +
         ",\"at\":" + detail::json_text(words.at(e.at)) + weight + "}");
  }
  end_of_list("]}");
}

}  // namespace weir::graph
