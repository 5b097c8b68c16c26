#include "tests/rules/syntax/outline.hpp"

#include <string_view>

namespace weir::rules::tests {

namespace {

std::string_view sign(ast::binary_operator op) {
  using enum ast::binary_operator;
  switch (op) {
    case logical_or: return "or";
    case logical_and: return "and";
    case equal: return "=";
    case not_equal: return "!=";
    case less: return "<";
    case less_equal: return "<=";
    case greater: return ">";
    case greater_equal: return ">=";
    case or_default: return "\?\?";
    case add: return "+";
    case subtract: return "-";
    case multiply: return "*";
    case divide: return "/";
  }
  return "";
}

template <typename Parts, typename Write>
std::string joined(const Parts& parts, std::string_view between, Write write) {
  std::string out;
  for (const auto& part : parts) {
    if (!out.empty()) out += between;
    out += write(part);
  }
  return out;
}

std::string identifiers(const std::vector<ast::identifier>& parts, std::string_view between) {
  return joined(parts, between, [](const ast::identifier& part) { return part.name; });
}

std::string expressions(const std::vector<ast::expression>& parts) {
  return joined(parts, ", ", [](const ast::expression& part) { return outline(part); });
}

std::string written(const ast::number_literal& number) {
  return number.currency ? number.digits + ' ' + number.currency->name : number.digits;
}

std::string where(const std::optional<ast::expression>& condition) {
  return condition ? " where " + outline(*condition) : "";
}

struct extent_outliner {
  std::string operator()(const ast::time_window& w) const {
    return w.length.text + (w.ago ? " ending " + w.ago->text + " ago" : "");
  }
  std::string operator()(const ast::count_window& w) const { return w.events.digits + " events"; }
  std::string operator()(const ast::calendar_window& w) const {
    return w.unit.name + (w.zone ? " in \"" + w.zone->value + '"' : "");
  }
  std::string operator()(const ast::session_window& w) const { return "session gap " + w.gap.text; }
};

std::string window(const ast::window& tree) {
  return (tree.prior ? "prior " : "") + boost::apply_visitor(extent_outliner{}, tree.extent.get());
}

struct collection_outliner {
  std::string operator()(const ast::identifier& list) const { return list.name; }
  std::string operator()(const ast::text_literal& block) const { return '"' + block.value + '"'; }
};

std::string bounds(const ast::count_bounds& tree) {
  if (tree.least && tree.most) return tree.least->digits + " to " + tree.most->digits;
  if (tree.most) return "at most " + tree.most->digits;
  return tree.exact ? tree.least->digits : "at least " + tree.least->digits;
}

struct graph_argument_outliner {
  std::string operator()(const ast::graph_option& n) const {
    std::string out = '[' + n.name.name;
    if (n.bounds) out += ' ' + bounds(*n.bounds);
    if (n.length) out += ' ' + n.length->text;
    return out + (n.in_order ? " in order]" : "]");
  }
  std::string operator()(const ast::expression& n) const { return outline(n); }
};

struct expression_outliner {
  std::string operator()(const ast::number_literal& n) const { return written(n); }
  std::string operator()(const ast::duration_literal& n) const { return n.text; }
  std::string operator()(const ast::text_literal& n) const { return '"' + n.value + '"'; }
  std::string operator()(const ast::boolean_literal& n) const { return n.value ? "true" : "false"; }
  std::string operator()(const ast::name& n) const { return identifiers(n.parts, "."); }
  std::string operator()(const ast::unary& n) const {
    return (n.op == ast::unary_operator::negate ? "(-" : "(not ") + outline(n.operand) + ')';
  }
  std::string operator()(const ast::chain& n) const {
    std::string out = '(' + outline(n.first);
    for (const ast::link& link : n.rest) (out += ' ').append(sign(link.op)).append(" " + outline(link.operand));
    return out + ')';
  }
  std::string operator()(const ast::between& n) const {
    return '(' + outline(n.operand) + " between " + outline(n.low) + " and " + outline(n.high) + ')';
  }
  std::string operator()(const ast::membership& n) const {
    return '(' + outline(n.operand) + " in " + boost::apply_visitor(collection_outliner{}, n.within.get()) + ')';
  }
  std::string operator()(const ast::missing_test& n) const { return '(' + outline(n.operand) + " is missing)"; }
  std::string operator()(const ast::call& n) const { return n.function.name + '(' + expressions(n.arguments) + ')'; }
  std::string operator()(const ast::aggregate& n) const {
    const std::string percent = n.percent ? n.percent->digits + ", " : "";
    const std::string field = n.field ? '.' + n.field->name : "";
    const std::string read = n.read ? '.' + n.read->name : "";
    return n.function.name + '(' + percent + n.event.name + field + where(n.where) + ')' + read +
           (n.window ? " over " + window(*n.window) : "");
  }
  std::string operator()(const ast::table_cell& n) const {
    return n.table.name + '[' + outline(n.key) + "]." + n.column.name;
  }
  std::string operator()(const ast::graph_call& n) const {
    const auto argument = [](const ast::graph_argument& a) {
      return boost::apply_visitor(graph_argument_outliner{}, a.get());
    };
    return n.graph.name + '.' + n.function.name + '(' + joined(n.arguments, ", ", argument) + ')' +
           (n.over ? " over " + n.over->text : "");
  }
  template <typename Node>
  std::string operator()(const ast::x3::forward_ast<Node>& n) const {
    return (*this)(n.get());
  }
};

struct value_outliner {
  std::string operator()(const ast::number_literal& n) const { return written(n); }
  std::string operator()(const ast::duration_literal& n) const { return n.text; }
  std::string operator()(const ast::text_literal& n) const { return '"' + n.value + '"'; }
  std::string operator()(const ast::boolean_literal& n) const { return n.value ? "true" : "false"; }
  std::string operator()(const ast::identifier& n) const { return n.name; }
};

struct line_outliner {
  std::string operator()(const ast::test_event& n) const {
    return n.event.name + " { " +
           joined(n.values, " ",
                  [](const ast::test_value& value) {
                    return value.field.name + ": " + (value.negative ? "-" : "") +
                           boost::apply_visitor(value_outliner{}, value.value.get());
                  }) +
           " }";
  }
  std::string operator()(const ast::test_expectation& n) const {
    std::string out = n.none ? "expect no" : "expect";
    if (n.count) out += ' ' + n.count->digits;
    out += " alert";
    if (!n.subject.empty()) out += " for ";
    out += joined(n.subject, ", ",
                  [](const ast::subject_value& value) { return boost::apply_visitor(value_outliner{}, value.get()); });
    if (n.at) out += " at " + n.at->text;
    return out;
  }
};

std::string quantity(const ast::quantity& n) {
  if (!n.least) return "some ";
  if (n.open) return "at least " + n.least->digits + " times ";
  return n.least->digits + (n.most ? " to " + n.most->digits : "") + " times ";
}

std::string since(const std::optional<ast::time_since>& n) {
  if (!n) return "";
  return " within " + n->length.text + (n->label ? " of " + n->label->name : "");
}

struct part_outliner {
  std::string operator()(const ast::step& n) const {
    return (n.count ? quantity(*n.count) : "") + (n.label ? n.label->name + ": " : "") + n.event.name + where(n.where) +
           since(n.within);
  }
  std::string operator()(const ast::absence& n) const {
    return "no " + n.event.name + where(n.where) + since(n.within);
  }
  std::string operator()(const ast::group& n) const {
    const std::string before = std::string(n.next ? "next " : "") + (n.optional ? "optional " : "");
    const std::string steps = joined(n.steps, ", ", *this);
    if (n.gathered == ast::gathering::single) return before + steps;
    return before + (n.gathered == ast::gathering::all_of ? "all of (" : "one of (") + steps + ')';
  }
};

std::string path(const ast::path& n) {
  std::string out = std::string(n.any_order || n.any_order_behind ? "any order " : "") + '(' + n.from.name + ')';
  for (const ast::edge& e : n.edges) out += " -[" + part_outliner{}(e.event) + "]-> (" + e.to.name + ')';
  return out + where(n.where);
}

std::string extent(const ast::match_extent& n) {
  return " within " + (n.length ? n.length->text : n.events->digits + " events");
}

struct clause_outliner {
  std::string operator()(const ast::severity_clause& n) const { return "severity " + n.level.name; }
  std::string operator()(const ast::score_clause& n) const { return "score " + written(n.points); }
  std::string operator()(const ast::tags_clause& n) const {
    return "tags " + joined(n.tags, ", ", [](const ast::name& tag) { return identifiers(tag.parts, "."); });
  }
  std::string operator()(const ast::mode_clause& n) const { return "mode " + n.mode.name; }
  std::string operator()(const ast::on_clause& n) const { return "on " + part_outliner{}(n.event); }
  std::string operator()(const ast::match_clause& n) const {
    const auto part = [](const ast::part& p) { return boost::apply_visitor(part_outliner{}, p.get()); };
    return "match " + (n.path ? path(*n.path) : joined(n.parts, " then ", part)) + joined(n.within, "", extent);
  }
  std::string operator()(const ast::when_clause& n) const { return "when " + outline(n.condition); }
  std::string operator()(const ast::unless_clause& n) const { return "unless " + outline(n.condition); }
  std::string operator()(const ast::emit_clause& n) const {
    return "emit " + n.emission.name + (n.limit ? " limit " + n.limit->digits : "");
  }
  std::string operator()(const ast::suppress_clause& n) const {
    return "suppress " + (n.by.empty() ? "" : "by " + expressions(n.by) + ' ') + "for " + n.length.text;
  }
  std::string operator()(const ast::reason_clause& n) const { return "reason \"" + n.text.value + '"'; }
  std::string operator()(const ast::raise_clause& n) const {
    const auto field = [](const ast::raised_field& f) { return f.name.name + ": " + outline(f.value); };
    return "raise " + n.event.name + " { " + joined(n.fields, "  ", field) + " }";
  }
  std::string operator()(const ast::test_clause& n) const {
    const auto line = [](const ast::test_line& l) { return boost::apply_visitor(line_outliner{}, l.get()); };
    return "test \"" + n.name.value + "\" { " + joined(n.lines, "; ", line) + " }";
  }
};

std::string type(const ast::type_name& tree) {
  return tree.currency ? tree.name.name + '(' + tree.currency->name + ')' : tree.name.name;
}

std::string fields(const std::vector<ast::field_group>& groups) {
  return "{ " +
         joined(groups, "  ",
                [](const ast::field_group& group) {
                  return identifiers(group.names, ", ") + ": " + type(group.type) + (group.optional ? "?" : "");
                }) +
         " }";
}

struct declaration_outliner {
  std::string operator()(const ast::entity_declaration& n) const { return "entity " + n.name.name; }
  std::string operator()(const ast::event_declaration& n) const {
    return "event " + n.name.name + ' ' + fields(n.fields);
  }
  std::string operator()(const ast::param_declaration& n) const {
    return "param " + n.name.name + " = " + outline(n.value);
  }
  std::string operator()(const ast::list_declaration& n) const {
    return "list " + n.name.name + ": " + type(n.type) + " from \"" + n.path.value + '"';
  }
  std::string operator()(const ast::table_declaration& n) const {
    return "table " + n.name.name + ": " + type(n.key) + " -> " + fields(n.columns) + " from \"" + n.path.value + '"';
  }
  std::string operator()(const ast::model_declaration& n) const {
    return "model " + n.name.name + ": " + n.kind.name + " from \"" + n.path.value + '"';
  }
  std::string operator()(const ast::graph_declaration& n) const {
    return "graph " + n.name.name + ": " + n.event.name + '(' + n.from.name + " -> " + n.to.name +
           (n.weight ? ", weight " + n.weight->name : "") + ") keep " + n.keep.text +
           (n.refresh ? " refresh " + n.refresh->text : "");
  }
  std::string operator()(const ast::let_declaration& n) const {
    return "let " + n.name.name + '(' +
           joined(
               n.parameters, ", ",
               [](const ast::let_parameter& parameter) { return parameter.name.name + ": " + parameter.type.name; }) +
           ") = " + outline(n.body);
  }
  std::string operator()(const ast::import_declaration& n) const { return "import \"" + n.path.value + '"'; }
  std::string operator()(const ast::rule_declaration& n) const {
    std::string out = "rule " + n.name.name;
    if (!n.subjects.empty()) out += " for ";
    out += joined(n.subjects, ", ", [](const ast::subject& subject) {
      return subject.type ? subject.name.name + ": " + subject.type->name : subject.name.name;
    });
    if (n.version) out += " version " + n.version->digits;
    if (n.broken) out += " (broken)";
    for (const ast::clause& clause : n.clauses) out += "\n  " + outline(clause);
    return out;
  }
};

}  // namespace

std::string outline(const ast::expression& tree) { return boost::apply_visitor(expression_outliner{}, tree.get()); }
std::string outline(const ast::clause& tree) { return boost::apply_visitor(clause_outliner{}, tree.get()); }
std::string outline(const ast::declaration& tree) { return boost::apply_visitor(declaration_outliner{}, tree.get()); }
std::string outline(const ast::file& tree) {
  return joined(tree.declarations, "\n", [](const ast::declaration& declaration) { return outline(declaration); });
}

}  // namespace weir::rules::tests
