#include <memory>
#include <string>

#include "apps/weir/graph/named_graph.hpp"
#include "apps/weir/graph/picture.hpp"
#include "apps/weir/graph/sketch.hpp"
#include "apps/weir/graph/verbs.hpp"
#include "stream/file/line_writer.hpp"

namespace weir::app {

namespace {

struct draw_options {
  graph_input_options input;
  std::string around;
  sketch_options limits;
  std::string out = "-";
};

exit_code graph_draw_verb(const draw_options& options) {
  const auto g = read_graph(options.input);
  const auto centre = g.names.find_or_fail("--around", options.around);
  auto svg = as_svg(sketch_around(g, centre, options.limits));
  svg.pop_back();
  auto out = stream::line_writer::open(options.out);
  if (!out) throw failure(exit_code::io, out.error().message);
  auto written = out->write(svg);
  if (written) written = out->close();
  if (!written && !out->reader_gone()) throw failure(exit_code::io, written.error().message);
  return exit_code::done;
}

}  // namespace

void add_graph_draw(CLI::App& graph, exit_code& result) {
  auto* verb = graph.add_subcommand("draw", "A picture (SVG) of what is around a vertex");
  auto options = std::make_shared<draw_options>();  // lives as long as the callback that CLI11 keeps
  add_graph_input(*verb, options->input);
  verb->add_option("--around", options->around, "The vertex")->type_name("VERTEX")->required();
  verb->add_option("--hops", options->limits.hops, "How far, in edges of any direction")
      ->check(CLI::Range(1, 10))
      ->capture_default_str();
  verb->add_option("--neighbours", options->limits.each_max,
                   "Of one vertex so many at most, those with the most weight; the rest is counted")
      ->check(CLI::Range(1, 100))
      ->capture_default_str();
  verb->add_option("--vertices", options->limits.vertices_max, "So many at most in all")
      ->check(CLI::Range(1, 300))
      ->capture_default_str();
  verb->add_option("-o,--out", options->out, "The file to write; - is standard output")
      ->type_name("FILE")
      ->capture_default_str();
  verb->footer("weir graph draw transfers.csv --around 4711 --hops 2 --keep 30d -o around.svg");
  verb->callback([options, &result] { result = graph_draw_verb(*options); });
}

}  // namespace weir::app
