#include "apps/weir/graph.hpp"

#include "apps/weir/graph/verbs.hpp"

namespace weir::app {

void add_graph(CLI::App& app, exit_code& result) {
  auto* verb = app.add_subcommand("graph", "Look at the graph that edges or events in files draw");
  verb->require_subcommand(1);
  add_graph_stats(*verb, result);
  add_graph_components(*verb, result);
  add_graph_pagerank(*verb, result);
  add_graph_cycles(*verb, result);
  add_graph_neighbours(*verb, result);
  add_graph_features(*verb, result);
  add_graph_export(*verb, result);
  add_graph_draw(*verb, result);
  for (auto* one : verb->get_subcommands({})) {
    one->fallthrough();
    if (!one->get_footer().empty()) one->footer("Example: " + one->get_footer());
  }
  verb->footer("weir graph stats transfers.csv --from payer --to payee --at time --weight amount --keep 30d");
}

}  // namespace weir::app
