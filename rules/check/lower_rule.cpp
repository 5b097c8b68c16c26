#include "rules/check/lower_rule.hpp"

#include <algorithm>
#include <iterator>

#include "cep/condition_split.hpp"
#include "rules/check/literals.hpp"
#include "rules/check/lower_body.hpp"
#include "rules/check/lower_expression.hpp"
#include "rules/check/lower_raise.hpp"
#include "rules/check/lower_written.hpp"
#include "rules/check/path.hpp"
#include "rules/check/pattern_walk.hpp"
#include "rules/check/warnings.hpp"
#include "rules/syntax/parse.hpp"

namespace weir::rules {
namespace {

constexpr std::int64_t events_max = 1'000'000;  // of `within N events`
constexpr std::int64_t emit_limit_max = 1'000'000;

class rule_lowering {
 public:
  rule_lowering(const ast::rule_declaration& tree, std::uint32_t file, workplace& work)
      : tree_(tree),
        file_(file),
        work_(work),
        errors_before_(work.found.errors()),
        clauses_(sort_clauses(tree, file, work.found)) {}

  rule lower() {
    work_.calls = 0;
    work_.conditions.clear();
    describe_rule(result_, tree_, clauses_, file_, work_.found);
    gather();
    settle_subjects();
    lower_parts();
    lower_within();
    lower_conditions();
    lower_emission();
    lower_suppression();
    lower_reason_text();
    lower_raised();
    result_.pattern.aggregates = std::move(aggregates_.functions);
    result_.pattern.graph_calls = std::move(graph_calls_.calls);
    result_.value_names = std::move(aggregates_.names);
    std::ranges::move(graph_calls_.names, std::back_inserter(result_.value_names));
    result_.conditions = std::move(work_.conditions);
    for (const auto* test : clauses_.tests) result_.tests.push_back(lower_test(*test, file_, result_, work_));
    check_size();
    check_graph_calls();
    if (work_.found.errors() == errors_before_) warn();
    return std::move(result_);
  }

 private:
  void gather();
  void settle_subjects();
  std::optional<rule_subject> subject_of(const ast::subject& written, const std::vector<readable_event>& events);
  void check_subject_name(const ast::identifier& name);
  void check_vertices();
  void check_free(const ast::identifier& name, std::string_view kind);
  void lower_parts();
  void lower_within();
  void lower_conditions();
  void lower_emission();
  void lower_suppression();
  void lower_reason_text();
  void lower_raised();
  void check_size();
  void check_graph_calls();
  void warn();

  scope scope_at_end();
  std::optional<stream::duration> positive(const ast::duration_literal& written);
  std::uint32_t count_up_to(const ast::number_literal& written, std::int64_t most);
  void error(const ast::located& place, std::string message, std::string hint = {}) {
    work_.found.error(span_of(file_, place), std::move(message), std::move(hint));
  }

  const ast::rule_declaration& tree_;
  std::uint32_t file_;
  workplace& work_;
  std::size_t errors_before_;
  rule_clauses clauses_;
  rule result_;
  written_body body_;
  std::optional<path_meaning> path_;
  std::vector<rule_subject> subjects_;
  std::vector<std::string> subjects_in_error_;
  aggregates_read aggregates_;
  graph_calls_read graph_calls_;
  std::set<std::string> labels_read_;
};

void rule_lowering::gather() {
  body_ = gather_body(clauses_, file_, work_);
  if (clauses_.match != nullptr && clauses_.match->path) path_.emplace(*clauses_.match->path, body_, file_, work_);
}

// A vertex of the subject's name says of which type it is.
std::optional<rule_subject> rule_lowering::subject_of(const ast::subject& written,
                                                      const std::vector<readable_event>& events) {
  const auto type = path_ && !written.type ? path_->type_of(written.name.name) : std::nullopt;
  if (type) return rule_subject{written.name.name, *type};
  return resolve_subject(written, file_, events, work_);
}

void rule_lowering::settle_subjects() {
  const auto events = body_.readable();
  for (const auto& written : tree_.subjects) {
    check_subject_name(written.name);
    result_.subject_names.push_back(written.name.name);
    if (auto subject = subject_of(written, events)) {
      result_.pattern.subjects.push_back(subject->type);
      subjects_.push_back(*std::move(subject));
    } else {
      subjects_in_error_.push_back(written.name.name);
    }
  }
  if (!path_) return;
  path_->set_subjects(tree_.subjects, subjects_);
  check_vertices();
}

void rule_lowering::check_subject_name(const ast::identifier& name) {
  if (std::ranges::count(result_.subject_names, name.name) > 0) {
    error(name, "there is a subject " + quoted(name.name) + " already", "give every subject its own name");
  }
  check_free(name, "subject");
}

void rule_lowering::check_vertices() {
  for (const auto& vertex : path_->vertices()) {
    const bool subject = std::ranges::count(result_.subject_names, vertex.name) > 0;
    if (!subject) check_free(vertex, "vertex");
    for (const auto& written : body_.events) {
      if (written.event.label != vertex.name) continue;
      error(*written.step->label, quoted(vertex.name) + " is a vertex of the path already",
            "give the edge another label");
    }
  }
}

// A bare name in a condition is one thing.
void rule_lowering::check_free(const ast::identifier& name, std::string_view kind) {
  const auto taken = [&](std::string_view what, const auto& declared_names) {
    const auto found = declared_names.find(name.name);
    if (found == declared_names.end()) return;
    error(name, quoted(name.name) + " is a " + std::string(what) + " already",
          "it is declared in " + line_text(found->second.where, file_, work_.files) + "; name the " +
              std::string(kind) + " otherwise");
  };
  taken("param", work_.names.params);
  taken("list", work_.names.lists);
  taken("table", work_.names.tables);
  taken("model", work_.names.models);
  taken("graph", work_.names.graphs);
}

scope rule_lowering::scope_at_end() {
  scope result{.file = file_, .aggregates = nullptr, .labels_read = &labels_read_};
  for (const auto& written : body_.events) {
    result.events.push_back(written.event.event);
    if (written.step != nullptr) result.bound.push_back(written.event);
  }
  result.subjects = &subjects_;
  // What reads a subject whose declaration is in error stays silent.
  for (const auto& name : subjects_in_error_) result.arguments.emplace(name, std::monostate());
  if (path_) path_->name_vertices(result);
  return result;
}

void rule_lowering::lower_parts() {
  auto& pattern = result_.pattern;
  const auto at_end = scope_at_end();
  pattern.body.parts = lower_body(body_, path_ ? &*path_ : nullptr, at_end, work_);
  if (!path_ || pattern.body.parts.empty()) return;
  pattern.condition = path_->condition_of_all();
  const auto& written = clauses_.match->path->where;
  if (!written) return;
  auto of_path = at_end;
  of_path.graph_calls = &graph_calls_;
  const auto where = lower_written(*written, of_path, work_, written_condition::clause::path);
  if (!where) return;
  warn_if_never(*where, span_of(file_, *written), work_);
  pattern.condition = cep::both(std::move(pattern.condition), spread_over_edges(*where, *path_, pattern.body.parts));
}

std::optional<stream::duration> rule_lowering::positive(const ast::duration_literal& written) {
  const auto length = positive_duration(written);
  if (length) return *length;
  error(written, length.error().message, length.error().hint);
  return std::nullopt;
}

void rule_lowering::lower_within() {
  if (clauses_.match == nullptr) return;
  auto& body = result_.pattern.body;
  for (const auto& extent : clauses_.match->within) {
    const bool twice = extent.length ? body.within.has_value() : body.within_events.has_value();
    if (twice) {
      error(extent,
            std::string("a match has one `within` of ") + (extent.length ? "a duration" : "events") + " at most",
            "the `within` of a `no` stands directly behind it");
    } else if (extent.length) {
      body.within = positive(*extent.length);
    } else {
      body.within_events = count_up_to(*extent.events, events_max);
    }
  }
}

std::uint32_t rule_lowering::count_up_to(const ast::number_literal& written, std::int64_t most) {
  const auto count = whole_number(written);
  if (count && *count >= 1 && *count <= most) return static_cast<std::uint32_t>(*count);
  error(written, "expected a whole number from 1 to " + std::to_string(most));
  return 1;
}

void rule_lowering::lower_conditions() {
  auto where = scope_at_end();
  where.aggregates = &aggregates_;
  where.graph_calls = &graph_calls_;
  if (clauses_.when != nullptr) {
    if (auto when = lower_written(clauses_.when->condition, where, work_, written_condition::clause::when)) {
      warn_if_never(*when, span_of(file_, clauses_.when->condition), work_);
      result_.pattern.condition = cep::both(std::move(result_.pattern.condition), *std::move(when));
    }
  }
  if (clauses_.unless != nullptr) {
    if (auto unless = lower_written(clauses_.unless->condition, where, work_, written_condition::clause::unless)) {
      cep::expression none;
      none.op = cep::operation::logical_not;
      none.type = boolean_type;
      none.args.push_back(*std::move(unless));
      result_.pattern.condition = cep::both(std::move(result_.pattern.condition), folded(std::move(none)));
    }
  }
}

void rule_lowering::lower_emission() {
  if (clauses_.emit == nullptr) return;
  const auto& word = clauses_.emit->emission;
  if (word.name != "each" && word.name != "first" && word.name != "all") {
    return error(word, "expected `each`, `first` or `all`, found " + quoted(word.name),
                 word.name == "once" ? "write emit first, or suppress for 6h"
                                     : did_you_mean(word.name, {"each", "first", "all"}));
  }
  const auto& limit = clauses_.emit->limit;
  if (word.name == "all") {
    result_.pattern.emit = cep::emission::all;
    if (limit) {
      result_.pattern.emit_limit = count_up_to(*limit, emit_limit_max);
    } else {
      error(*clauses_.emit, "`emit all` needs to know how many alerts one event may raise", "write emit all limit 10");
    }
    return;
  }
  if (limit) error(*limit, quoted("emit " + word.name) + " has no limit", "only `emit all` has one");
  if (word.name == "each") return;
  result_.pattern.emit = cep::emission::first;
  if (!result_.pattern.body.within) {
    error(*clauses_.emit, "`emit first` is silent until the match's `within` has passed, and there is none",
          "write suppress for 1h instead");
  }
}

void rule_lowering::lower_suppression() {
  if (clauses_.suppress == nullptr) return;
  cep::suppression result;
  auto where = scope_at_end();
  where.graph_calls = &graph_calls_;
  for (const auto& key : clauses_.suppress->by) {
    if (auto e = expression_lowering(where, work_).lower(key)) result.by.push_back(*std::move(e));
  }
  if (const auto length = positive(clauses_.suppress->length)) result.length = *length;
  result_.pattern.suppress = std::move(result);
}

void rule_lowering::lower_reason_text() {
  if (clauses_.reason == nullptr) return;
  auto where = scope_at_end();
  where.aggregates = &aggregates_;
  where.graph_calls = &graph_calls_;
  where.in_reason = true;
  result_.reason = lower_reason(*clauses_.reason, std::move(where), work_);
}

void rule_lowering::lower_raised() {
  if (clauses_.raise == nullptr) return;
  auto where = scope_at_end();
  where.aggregates = &aggregates_;
  where.graph_calls = &graph_calls_;
  where.in_reason = true;
  result_.raise = lower_raise(*clauses_.raise, where, work_);
}

struct node_count {
  std::size_t nodes = 0;
  void expression(const cep::expression&, stream::event_type_id) { ++nodes; }
  void aggregate(const cep::aggregate&) {}
  void filter(const cep::event_filter&) {}
};

// Evaluators number the parts of an expression with sixteen bits.
void rule_lowering::check_size() {
  constexpr std::size_t nodes_max = 30'000;
  node_count count;
  walk_rule(std::as_const(result_), count);
  if (count.nodes <= nodes_max) return;
  error(tree_.name,
        "the rule " + quoted(tree_.name.name) + " is too large: its conditions have " + std::to_string(count.nodes) +
            " parts (at most " + std::to_string(nodes_max) + ")",
        "put long enumerations in a list");
}

// What is asked about earlier events is judged when a match is looked for, and that may be long after.
struct late_graph_calls {
  bool any = false;
  bool has_subject = false;
  void expression(const cep::expression&, stream::event_type_id) {}
  void aggregate(const cep::aggregate&) {}
  void filter(const cep::event_filter& events) {
    const bool free = events.keys.empty() && has_subject;
    const auto& late = free ? events.where : cep::split(events.where).join;
    any = any || cep::reads(late, cep::operation::graph_call);
  }
};

void rule_lowering::check_graph_calls() {
  late_graph_calls late{.has_subject = !result_.pattern.subjects.empty()};
  walk_rule(std::as_const(result_), late);
  if (!late.any) return;
  error(tree_.name, "a `where` asks a graph about the event at hand and the subject alone",
        "what compares with other steps stands in `when`");
}

void rule_lowering::warn() {
  if (tree_.broken || (clauses_.on == nullptr && clauses_.match == nullptr)) return;
  if (tree_.subjects.empty()) warn_no_subject(result_, work_);
  warn_unbounded(result_, work_);
  // A match's labels name its events in the alert; that of an `on` is there to be read.
  const bool single = clauses_.on != nullptr && clauses_.on->event.label;
  if (single && !labels_read_.contains(clauses_.on->event.label->name)) {
    work_.found.warning(span_of(file_, *clauses_.on->event.label),
                        "the label " + quoted(clauses_.on->event.label->name) + " is never used");
  }
}

}  // namespace

rule lower_rule(const ast::rule_declaration& tree, std::uint32_t file, workplace& work) {
  return rule_lowering(tree, file, work).lower();
}

std::vector<reason_part> lower_reason(const ast::reason_clause& tree, scope where, workplace& work) {
  std::vector<reason_part> parts;
  for (const auto& piece : split_reason(tree.text, where.file, work.found.list())) {
    if (!piece.is_expression) {
      parts.emplace_back(piece.text);
      continue;
    }
    const auto written = parse_expression(piece.text, where.file, piece.offset, work.found.list());
    if (!written) continue;
    if (auto e = expression_lowering(where, work).lower(*written)) parts.emplace_back(*std::move(e));
  }
  return parts;
}

}  // namespace weir::rules
