#include <algorithm>
#include <limits>

#include "rules/check/literals.hpp"
#include "rules/check/lower_expression.hpp"

// What is asked of a graph. The calls are checked whole; there is nothing yet that answers them.
namespace weir::rules {
namespace {

enum class operand : std::uint8_t { vertex, edge, list };
enum class answer : std::uint8_t { count, number, flow, truth };

struct graph_function {
  std::vector<operand> operands;
  std::vector<std::string> options;
  answer gives = answer::count;
  bool over = false;       // a length of time may stand behind it
  bool refreshed = false;  // as of the graph's last refresh
  std::string usage;
};

graph_function of_vertex(const std::string& name, answer gives, bool over = false) {
  return {.operands = {operand::vertex}, .options = {}, .gives = gives, .over = over, .usage = name + "(VERTEX)"};
}

graph_function refreshed(const std::string& name, answer gives) {
  auto function = of_vertex(name, gives);
  function.refreshed = true;
  return function;
}

graph_function of_edge(const std::string& name, const std::string& option) {
  return {.operands = {operand::edge},
          .options = {option, "within"},
          .gives = answer::truth,
          .usage = name + "(EVENT, " + (option == "length" ? "length 3 to 6" : "width at least 3") + ", within 72h)"};
}

const by_name<graph_function>& graph_functions() {
  using enum operand;
  static const by_name<graph_function> all = {
      {"in_degree", of_vertex("in_degree", answer::count, true)},
      {"out_degree", of_vertex("out_degree", answer::count, true)},
      {"fan_in", of_vertex("fan_in", answer::count, true)},
      {"fan_out", of_vertex("fan_out", answer::count, true)},
      {"in_flow", of_vertex("in_flow", answer::flow, true)},
      {"out_flow", of_vertex("out_flow", answer::flow, true)},
      {"component", of_vertex("component", answer::count)},
      {"component_size", of_vertex("component_size", answer::count)},
      {"triangles", of_vertex("triangles", answer::count)},
      {"core", of_vertex("core", answer::count)},
      {"connected",
       {.operands = {vertex, vertex}, .options = {}, .gives = answer::truth, .usage = "connected(VERTEX, VERTEX)"}},
      {"hops",
       {.operands = {vertex, list},
        .options = {"at"},
        .gives = answer::count,
        .usage = "hops(VERTEX, LIST, at most 3)"}},
      {"cycle", of_edge("cycle", "length")},
      {"scatter_gather", of_edge("scatter_gather", "width")},
      {"gather_scatter", of_edge("gather_scatter", "width")},
      {"path",
       {.operands = {vertex, vertex},
        .options = {"length", "within"},
        .gives = answer::truth,
        .usage = "path(VERTEX, VERTEX, length at most 4, within 72h)"}},
      {"pagerank", refreshed("pagerank", answer::number)},
      {"risk", refreshed("risk", answer::number)},
      {"community", refreshed("community", answer::count)},
      {"community_size", refreshed("community_size", answer::count)},
      {"clustering", refreshed("clustering", answer::number)},
      {"betweenness", refreshed("betweenness", answer::number)}};
  return all;
}

cep::value_type value_of(answer gives, const graph_declaration& graph, const stream::schema& names) {
  switch (gives) {
    case answer::count: return count_type;
    case answer::number: return {.kind = cep::value_kind::real};
    case answer::truth: return boolean_type;
    case answer::flow: break;
  }
  return cep::type_of(names[graph.event][*graph.weight].type);
}

// What an option is called in an error.
std::string words_of(const std::string& option) { return option == "at" ? "`at most`" : quoted(option); }

}  // namespace

// ---- a call's arguments

class expression_lowering::graph_arguments {
 public:
  graph_arguments(const ast::graph_call& call, const graph_function& asked, const graph_declaration& graph,
                  expression_lowering& lowering)
      : call_(call), asked_(asked), graph_(graph), lowering_(lowering) {}

  bool fit() {
    for (const auto& argument : call_.arguments) {
      if (const auto* option = boost::get<ast::graph_option>(&argument.get())) {
        take(*option);
      } else {
        take(boost::get<ast::expression>(argument.get()));
      }
    }
    if (good_ && operands_ < asked_.operands.size()) complain(call_, "an argument is missing", usage());
    for (const auto& wanted : asked_.options) {
      if (good_ && !given_.contains(wanted)) complain(call_, words_of(wanted) + " is missing", usage());
    }
    if (call_.over && !asked_.over) {
      complain(*call_.over, quoted(call_.function.name) + " has no `over`", usage());
    } else if (call_.over) {
      positive(*call_.over);
    }
    return good_;
  }

 private:
  const stream::event_type& edges() const { return lowering_.schema()[graph_.event]; }
  std::string usage() const { return "write " + graph_.name + "." + asked_.usage; }

  void complain(const ast::located& place, std::string message, std::string hint = {}) {
    lowering_.complain(place, std::move(message), std::move(hint));
    good_ = false;
  }

  void positive(const ast::duration_literal& written) {
    const auto length = positive_duration(written);
    if (!length) complain(written, length.error().message, length.error().hint);
  }

  void take(const ast::graph_option& option) {
    const auto& name = option.name.name;
    if (std::ranges::find(asked_.options, name) == asked_.options.end()) {
      return complain(option, quoted(call_.function.name) + " has no " + words_of(name), usage());
    }
    if (!given_.insert(name).second) return complain(option, words_of(name) + " stands here twice");
    if (option.length) positive(*option.length);
    if (option.bounds) take(*option.bounds, name);
  }

  void take(const ast::count_bounds& bounds, const std::string& option) {
    const auto number = [&](const std::optional<ast::number_literal>& written) -> std::optional<std::int64_t> {
      if (!written) return std::nullopt;
      const auto whole = whole_number(*written);
      if (whole && *whole >= 1 && *whole <= std::numeric_limits<std::uint16_t>::max()) return whole;
      complain(*written, words_of(option) + " is a whole number of at least 1");
      return std::nullopt;
    };
    const auto least = number(bounds.least);
    const auto most = number(bounds.most);
    if (least && most && *least > *most) complain(bounds, "the first number is the lesser one");
    if (option == "width" && bounds.most) complain(bounds, "`width` is a least number", "write width at least 3");
  }

  void take(const ast::expression& argument) {
    if (operands_ == asked_.operands.size()) {
      lowering_.lower(argument);
      return complain(argument, quoted(call_.function.name) + " has no such argument", usage());
    }
    switch (asked_.operands[operands_++]) {
      case operand::vertex: return vertex(argument);
      case operand::edge: return edge(argument);
      case operand::list: return list(argument);
    }
  }

  void vertex(const ast::expression& argument) {
    const auto wanted = cep::type_of(edges()[graph_.from].type);
    auto value = lowering_.lower(argument);
    if (value) value = lowering_.from(literal_as(*std::move(value), wanted), argument);
    if (!value) {
      good_ = false;
    } else if (!same_sort(value->type, wanted)) {
      complain(argument, "a vertex of " + quoted(graph_.name) + " is " + noun(wanted, lowering_.schema()) + ", not " +
                             noun(value->type, lowering_.schema()));
    }
  }

  void edge(const ast::expression& argument) {
    const auto event = lowering_.event_of(argument);
    if (!event || !event->type) {
      good_ = false;
    } else if (*event->type != graph_.event) {
      complain(argument, "an edge of " + quoted(graph_.name) + " is " + with_article(edges().name) + ", not " +
                             with_article(event->event));
    }
  }

  void list(const ast::expression& argument) {
    const auto* name = boost::get<ast::name>(&argument.get());
    if (name == nullptr || name->parts.size() != 1)
      return complain(argument, "the name of a list stands here", usage());
    const auto& lists = lowering_.work_.names.lists;
    const auto found = lists.find(name->parts[0].name);
    if (found == lists.end()) {
      lowering_.complain_unknown(argument, "there is no list " + quoted(name->parts[0].name),
                                 did_you_mean(name->parts[0].name, names_of(lists)));
      good_ = false;
    } else if (found->second.state == checked::in_error) {
      good_ = false;
    } else if (!same_sort(found->second.type, cep::type_of(edges()[graph_.from].type))) {
      complain(argument, quoted(found->first) + " is a list of " + found->second.type_name + ", and the vertices of " +
                             quoted(graph_.name) + " are of " +
                             lowering_.schema().name(edges()[graph_.from].type.entity));
    }
  }

  const ast::graph_call& call_;
  const graph_function& asked_;
  const graph_declaration& graph_;
  expression_lowering& lowering_;
  std::size_t operands_ = 0;
  std::set<std::string> given_;
  bool good_ = true;
};

// ---- the call

lowered expression_lowering::operator()(const ast::graph_call& e) {
  const auto found = work_.names.graphs.find(e.graph.name);
  if (found == work_.names.graphs.end()) {
    return complain_unknown(e.graph, "there is no graph " + quoted(e.graph.name),
                            work_.names.lets.contains(e.function.name)
                                ? "a `let` is called by its bare name: " + e.function.name + "(…)"
                                : did_you_mean(e.graph.name, names_of(work_.names.graphs)));
  }
  const auto asked = graph_functions().find(e.function.name);
  if (asked == graph_functions().end()) {
    return complain(e.function, "a graph has no function " + quoted(e.function.name),
                    did_you_mean(e.function.name, names_of(graph_functions())));
  }
  if (found->second.state == checked::in_error) return std::nullopt;
  const auto& graph = work_.names.graph_values[found->second.index];
  if (!graph_arguments(e, asked->second, graph, *this).fit()) return std::nullopt;
  if (asked->second.refreshed && !graph.refresh) {
    return complain(
        e, quoted(e.function.name) + " is as of a graph's last refresh, and " + quoted(graph.name) + " has none",
        "declare it with refresh 10s");
  }
  if (asked->second.gives == answer::flow && !graph.weight) {
    return complain(e,
                    quoted(e.function.name) + " adds up weights, and the edges of " + quoted(graph.name) + " have none",
                    "declare it with its weight: graph " + graph.name + " : " + schema()[graph.event].name +
                        "(from -> to, weight FIELD)");
  }
  complain(e, "this version reads graphs and does not run their functions yet");
  // What stands around it is checked all the same: a value of its type that will never be asked for.
  cep::expression answered;
  answered.op = cep::operation::span;
  answered.type = value_of(asked->second.gives, graph, schema());
  return answered;
}

}  // namespace weir::rules
