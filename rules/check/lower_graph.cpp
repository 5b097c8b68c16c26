#include <algorithm>
#include <limits>

#include "rules/check/literals.hpp"
#include "rules/check/lower_expression.hpp"

namespace weir::rules {
namespace {

enum class operand : std::uint8_t { vertex, edge, list };
enum class answer : std::uint8_t { count, number, flow, truth };

using cep::graph_function;

/// How a function is called, and what it gives.
struct graph_usage {
  graph_function function{};
  std::vector<operand> operands;
  std::vector<std::string> options;
  answer gives = answer::count;
  bool over = false;  // a length of time may stand behind it
  std::string usage;
};

graph_usage of_vertex(graph_function function, answer gives, bool over = false) {
  return {.function = function,
          .operands = {operand::vertex},
          .options = {},
          .gives = gives,
          .over = over,
          .usage = std::string(name_of(function)) + "(VERTEX)"};
}

graph_usage of_edge(graph_function function, const std::string& option) {
  return {.function = function,
          .operands = {operand::edge},
          .options = {option, "within"},
          .gives = answer::truth,
          .usage = std::string(name_of(function)) + "(EVENT, " +
                   (option == "length" ? "length 3 to 6" : "width at least 3") + ", within 72h)"};
}

std::vector<graph_usage> usages() {
  using enum operand;
  using enum graph_function;
  return {of_vertex(in_degree, answer::count, true),
          of_vertex(out_degree, answer::count, true),
          of_vertex(fan_in, answer::count, true),
          of_vertex(fan_out, answer::count, true),
          of_vertex(in_flow, answer::flow, true),
          of_vertex(out_flow, answer::flow, true),
          of_vertex(component, answer::count),
          of_vertex(component_size, answer::count),
          of_vertex(triangles, answer::count),
          of_vertex(core, answer::count),
          {.function = connected,
           .operands = {vertex, vertex},
           .options = {},
           .gives = answer::truth,
           .usage = "connected(VERTEX, VERTEX)"},
          {.function = hops,
           .operands = {vertex, list},
           .options = {"at"},
           .gives = answer::count,
           .usage = "hops(VERTEX, LIST, at most 3)"},
          of_edge(cycle, "length"),
          of_edge(scatter_gather, "width"),
          of_edge(gather_scatter, "width"),
          {.function = path,
           .operands = {vertex, vertex},
           .options = {"length", "within"},
           .gives = answer::truth,
           .usage = "path(VERTEX, VERTEX, length at most 4, within 72h)"},
          of_vertex(pagerank, answer::number),
          {.function = risk,
           .operands = {vertex, list},
           .options = {},
           .gives = answer::number,
           .usage = "risk(VERTEX, LIST)"},
          of_vertex(clustering, answer::number),
          of_vertex(community, answer::count),
          of_vertex(community_size, answer::count),
          of_vertex(betweenness, answer::number)};
}

const by_name<graph_usage>& graph_functions() {
  static const by_name<graph_usage> all = [] {
    by_name<graph_usage> by;
    for (graph_usage& one : usages()) by.emplace(name_of(one.function), std::move(one));
    return by;
  }();
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
  graph_arguments(const ast::graph_call& call, const graph_usage& asked, const graph_declaration& graph,
                  expression_lowering& lowering)
      : call_(call), asked_(asked), graph_(graph), lowering_(lowering) {
    question_.function = asked.function;
  }

  bool fit() {
    for (const auto& argument : call_.arguments) {
      if (const auto* option = boost::get<ast::graph_option>(&argument.get())) {
        take(*option);
      } else {
        take(boost::get<ast::expression>(argument.get()));
      }
    }
    if (good_ && operands_ + 1 == asked_.operands.size() && asked_.function == graph_function::risk) only_list();
    if (good_ && operands_ < asked_.operands.size()) complain(call_, "an argument is missing", usage());
    for (const auto& wanted : asked_.options) {
      if (good_ && !given_.contains(wanted)) complain(call_, words_of(wanted) + " is missing", usage());
    }
    if (call_.over && !asked_.over) {
      complain(*call_.over, quoted(call_.function.name) + " has no `over`", usage());
    } else if (call_.over) {
      take_length(*call_.over);
    }
    return good_;
  }

  const cep::graph_question& question() const { return question_; }
  std::vector<cep::expression> args() && { return std::move(args_); }

 private:
  const stream::event_type& edges() const { return lowering_.schema()[graph_.event]; }
  std::string usage() const { return "write " + graph_.name + "." + asked_.usage; }

  void complain(const ast::located& place, std::string message, std::string hint = {}) {
    lowering_.complain(place, std::move(message), std::move(hint));
    good_ = false;
  }

  void take_length(const ast::duration_literal& written) {
    const auto length = positive_duration(written);
    if (!length) return complain(written, length.error().message, length.error().hint);
    question_.length = *length;
    if (*length <= graph_.keep) return;
    complain(written, quoted(graph_.name) + " keeps its edges for " + stream::to_text(graph_.keep),
             "give the graph a longer `keep`, or the question less time");
  }

  void take(const ast::graph_option& option) {
    const auto& name = option.name.name;
    if (std::ranges::find(asked_.options, name) == asked_.options.end()) {
      return complain(option, quoted(call_.function.name) + " has no " + words_of(name), usage());
    }
    if (!given_.insert(name).second) return complain(option, words_of(name) + " stands here twice");
    question_.in_order = question_.in_order || option.in_order;
    if (option.length) take_length(*option.length);
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
    if (option == "length" && bounds.least && !bounds.most && !bounds.exact) {
      complain(bounds, "`length` has a greatest number, so that a search ends", "write length 3 to 6");
    }
    if (asked_.function == graph_function::path && least.value_or(1) > 1) {
      complain(bounds, "a path has no least length: the shortest one is as good", "write length at most 4");
    }
    question_.least = static_cast<std::uint16_t>(least.value_or(1));
    question_.most = static_cast<std::uint16_t>(most.value_or(least.value_or(1)));
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
    } else {
      args_.push_back(*std::move(value));
    }
  }

  void edge(const ast::expression& argument) {
    const auto event = lowering_.event_of(argument);
    if (!event || !event->type) {
      good_ = false;
    } else if (*event->type != graph_.event) {
      complain(argument, "an edge of " + quoted(graph_.name) + " is " + with_article(edges().name) + ", not " +
                             with_article(event->event));
    } else {
      take(*event, argument);
    }
  }

  void take(const readable_event& event, const ast::expression& place) {
    cep::expression edge;
    edge.type = count_type;
    edge.index = event.step;
    if (event.op == cep::operation::field && !event.previous) {
      edge.op = cep::operation::this_event;
    } else if (event.op == cep::operation::bound_field && !event.previous) {
      edge.op = cep::operation::bound_event;
    } else if (event.op == cep::operation::first_field) {
      edge.op = cep::operation::first_event;
    } else {
      return complain(place, "the edge is an event that the match has bound", "give the label of a step");
    }
    args_.push_back(std::move(edge));
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
    } else {
      question_.list = found->second.index;
    }
  }

  // `risk(v)` where there is one list of vertices.
  void only_list() {
    std::vector<const declared_list*> fitting;
    for (const auto& [name, list] : lowering_.work_.names.lists) {
      if (same_sort(list.type, cep::type_of(edges()[graph_.from].type))) fitting.push_back(&list);
    }
    if (fitting.size() != 1) {
      return complain(call_, "the list that risk comes from is missing", usage());
    }
    if (fitting.front()->state == checked::in_error) good_ = false;
    question_.list = fitting.front()->index;
    ++operands_;
  }

  const ast::graph_call& call_;
  const graph_usage& asked_;
  const graph_declaration& graph_;
  expression_lowering& lowering_;
  std::size_t operands_ = 0;
  std::set<std::string> given_;
  cep::graph_question question_;
  std::vector<cep::expression> args_;
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
  graph_arguments given(e, asked->second, graph, *this);
  if (!given.fit()) return std::nullopt;
  if (is_refreshed(asked->second.function) && !graph.refresh) {
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
  cep::expression call;
  call.op = cep::operation::graph_call;
  call.type = value_of(asked->second.gives, graph, schema());
  call.question = given.question();
  call.question->graph = found->second.index;
  call.args = std::move(given).args();
  return placed(std::move(call), e);
}

// Where a match ends its answer belongs to the alert. In a `where` it is about the event at hand and the subject, since
// what was bound before may be of another time.
lowered expression_lowering::placed(cep::expression call, const ast::graph_call& e) {
  if (scope_.graph_calls == nullptr) return call;
  auto& read = *scope_.graph_calls;
  const auto known = std::ranges::find_if(
      read.calls, [&](const cep::expression& one) { return one.question == call.question && one.args == call.args; });
  call.index = static_cast<std::uint16_t>(known - read.calls.begin());
  if (known != read.calls.end()) return call;
  read.calls.push_back(call);
  read.names.push_back(written(e));
  return call;
}

}  // namespace weir::rules
