#include "graph/export.hpp"

#include <expected>
#include <memory>
#include <string>

#include "apps/weir/graph/named_graph.hpp"
#include "apps/weir/graph/verbs.hpp"
#include "stream/file/line_writer.hpp"

namespace weir::app {

namespace {

struct export_options {
  graph_input_options input;
  std::string format = "graphml";
  std::string out = "-";
};

graph::export_words words_for(const named_graph& g) {
  graph::export_words words{.name = [&g](graph::vertex_id v) { return g.name(v); }, .at = time_text, .weight = nullptr};
  if (g.has_weights) words.weight = [&g](std::int64_t weight) { return weight_text(weight, g.digits); };
  return words;
}

exit_code graph_export_verb(const export_options& options) {
  const auto g = read_graph(options.input);
  auto out = stream::line_writer::open(options.out);
  if (!out) throw failure(exit_code::io, out.error().message);
  std::expected<void, stream::io_error> written;
  const auto line = [&](std::string_view text) {
    if (written) written = out->write(text);
  };
  if (options.format == "graphml") graph::write_graphml(g.edges, words_for(g), line);
  if (options.format == "dot") graph::write_dot(g.edges, words_for(g), line);
  if (options.format == "json") graph::write_json(g.edges, words_for(g), line);
  if (written) written = out->close();
  if (!written && !out->reader_gone()) throw failure(exit_code::io, written.error().message);
  return exit_code::done;
}

}  // namespace

void add_graph_export(CLI::App& graph, exit_code& result) {
  auto* verb = graph.add_subcommand("export", "Write the graph for other programs: GraphML, DOT, JSON");
  auto options = std::make_shared<export_options>();  // lives as long as the callback that CLI11 keeps
  add_graph_input(*verb, options->input);
  verb->add_option("--format", options->format,
                   "graphml for Gephi, yEd and NetworkX; dot for Graphviz; json, nodes and links, for D3 and NetworkX")
      ->check(CLI::IsMember({"graphml", "dot", "json"}))
      ->capture_default_str();
  verb->add_option("-o,--out", options->out, "The file to write; - is standard output")
      ->type_name("FILE")
      ->capture_default_str();
  verb->footer("weir graph export transfers.csv --keep 7d --format graphml -o week.graphml");
  verb->callback([options, &result] { result = graph_export_verb(*options); });
}

}  // namespace weir::app
