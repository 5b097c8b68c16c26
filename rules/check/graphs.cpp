#include "rules/check/declared.hpp"
#include "rules/check/literals.hpp"

namespace weir::rules {
namespace {

using stream::type_kind;

bool can_weigh(const stream::field_type& type) {
  return type.kind == type_kind::integer || type.kind == type_kind::decimal || type.kind == type_kind::money;
}

class declaring_graph {
 public:
  declaring_graph(const ast::graph_declaration& tree, std::uint32_t file, workplace& work)
      : tree_(tree), file_(file), work_(work) {}

  void declare() {
    declared_graph entry{.where = span_of(file_, tree_.name),
                         .index = static_cast<std::uint16_t>(work_.names.graph_values.size())};
    graph_declaration graph;
    graph.name = tree_.name.name;
    const auto event = work_.names.events.find(tree_.event.name);
    if (event != work_.names.events.end()) {
      graph.event = event->second.id;
      find_ends(graph);
    } else {
      work_.found.unknown(span_of(file_, tree_.event), "there is no event " + quoted(tree_.event.name),
                          did_you_mean(tree_.event.name, names_of(work_.names.events)));
      good_ = false;
    }
    if (const auto length = positive(tree_.keep)) graph.keep = *length;
    if (tree_.refresh) graph.refresh = positive(*tree_.refresh);
    // What is over an event or fields that are not there is over none.
    if (good_) work_.names.data.graphs.push_back(graph);
    if (good_) work_.names.graph_values.push_back(std::move(graph));
    entry.state = good_ ? checked::good : checked::in_error;
    work_.names.graphs.emplace(tree_.name.name, entry);
  }

 private:
  void find_ends(graph_declaration& graph) {
    const auto& type = work_.names.schema[graph.event];
    const auto from = field(type, tree_.from);
    const auto to = field(type, tree_.to);
    if (from && to) {
      graph.from = *from;
      graph.to = *to;
      check_ends(type, *from, *to);
    }
    if (!tree_.weight) return;
    graph.weight = field(type, *tree_.weight);
    if (!graph.weight || can_weigh(type[*graph.weight].type)) return;
    const bool floating = type[*graph.weight].type.kind == type_kind::floating;
    error(*tree_.weight,
          std::string("an edge's weight is ") + (floating ? "an exact number" : "a number") + ", and " +
              quoted(tree_.weight->name) + " is " +
              (floating ? "a float" : noun(cep::type_of(type[*graph.weight].type), work_.names.schema)),
          floating ? "declare the field as decimal or money, so that sums don't drift" : "");
  }

  void check_ends(const stream::event_type& type, stream::field_id from, stream::field_id to) {
    const auto described = [&](stream::field_id end) {
      return quoted(type[end].name) + " is " + noun(cep::type_of(type[end].type), work_.names.schema);
    };
    if (type[from].type.kind != type_kind::entity) {
      error(tree_.from, "an edge leads from an entity to an entity, and " + described(from));
    } else if (type[to].type != type[from].type) {
      error(tree_.to, "both ends of an edge are of one entity: " + described(from) + ", and " + described(to));
    }
  }

  std::optional<stream::field_id> field(const stream::event_type& type, const ast::identifier& name) {
    if (const auto found = type.find(name.name)) return found;
    good_ = false;
    if (work_.names.events.find(type.name)->second.in_error.contains(name.name)) return std::nullopt;
    std::vector<std::string> candidates;
    for (const auto& candidate : type.fields) candidates.push_back(candidate.name);
    error(name, quoted(type.name) + " has no field " + quoted(name.name), did_you_mean(name.name, candidates));
    return std::nullopt;
  }

  std::optional<stream::duration> positive(const ast::duration_literal& written) {
    const auto length = positive_duration(written);
    if (length) return *length;
    error(written, length.error().message, length.error().hint);
    return std::nullopt;
  }

  void error(const ast::located& place, std::string message, std::string hint = {}) {
    good_ = false;
    work_.found.error(span_of(file_, place), std::move(message), std::move(hint));
  }

  const ast::graph_declaration& tree_;
  std::uint32_t file_;
  workplace& work_;
  bool good_ = true;
};

}  // namespace

void declare_graph(const ast::graph_declaration& tree, std::uint32_t file, workplace& work) {
  declaring_graph(tree, file, work).declare();
}

}  // namespace weir::rules
