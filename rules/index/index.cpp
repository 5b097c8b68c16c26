#include "rules/index.hpp"

#include <algorithm>
#include <tuple>

#include "rules/index/definitions.hpp"
#include "rules/index/names.hpp"
#include "rules/index/scope_walker.hpp"
#include "rules/syntax/boundaries.hpp"

namespace weir::rules {

namespace {

using namespace indexing;
using syntax::token_range;

auto place_of(const source_span& where) { return std::tuple(where.file, where.begin); }

/// Finds the uses of all names in one file.
class finding_uses {
 public:
  finding_uses(const outlined_file& file, const name_table& names, std::vector<symbol_use>& uses)
      : file_(file), names_(names), uses_(uses) {}

  void run() {
    for (const auto& declaration : file_.declarations) read(declaration);
  }

 private:
  std::string_view word(std::size_t index) const { return file_.word(index); }

  void add(std::size_t token, std::size_t symbol) {
    if (symbol != no_symbol) uses_.push_back({file_.span(token), symbol});
  }

  void read(const syntax::declaration_shape& d) {
    const std::string_view first = word(d.all.first);
    if (first == "rule") return read_rule(d);
    if (first == "let") return read_let(d);
    if (first == "param") return read_expression({d.all.first + 2, d.all.last}, no_symbol);
    if (first == "graph") return read_graph(d.all);
    read_types(d.all);
  }

  /// The entities, and for a let the events, that stand behind colons; of a table the key.
  void read_types(const token_range& tokens) {
    for (std::size_t i = tokens.first + 1; i < tokens.last; ++i) {
      if (word(i - 1) == ":") add(i, names_.find_any({symbol_kind::entity, symbol_kind::event}, word(i)));
    }
  }

  /// `graph payments : transfer(from -> to, weight amount)`.
  void read_graph(const token_range& tokens) {
    std::size_t event = no_symbol;
    for (std::size_t i = tokens.first + 2; i < tokens.last; ++i) {
      if (word(i - 1) == ":") {
        event = names_.find(symbol_kind::event, word(i));
        add(i, event);
      } else if (event != no_symbol && syntax::is_word(file_.source, i)) {
        const auto field = names_.find(symbol_kind::field, word(i), event);
        const bool is_option = word(i - 1) == ")" || word(i + 1).find_first_of("0123456789") == 0;
        if (!is_option) add(i, field);
      }
    }
  }

  void read_let(const syntax::declaration_shape& d) {
    const std::size_t let = declared_at(symbol_kind::let, d.all.first + 1);
    std::size_t body = d.all.first;
    while (body < d.all.last && word(body) != "=") ++body;
    read_types({d.all.first, body});
    if (body < d.all.last) read_expression({body + 1, d.all.last}, let);
  }

  std::size_t declared_at(symbol_kind kind, std::size_t token) const {
    if (token >= file_.source.tokens.size()) return no_symbol;
    return names_.declared_at(kind, file_.number, file_.source.tokens[token].begin);
  }

  void read_expression(const token_range& tokens, std::size_t owner) {
    scope_walker walker(file_, names_, owner);
    for (std::size_t i = tokens.first; i < tokens.last; ++i) add(i, walker.read(i));
  }

  void read_rule(const syntax::declaration_shape& d) {
    const std::size_t rule = declared_at(symbol_kind::rule, d.all.first + 1);
    read_types(d.head);
    for (const auto& clause : d.clauses) read_clause(clause, rule);
  }

  void read_clause(const token_range& clause, std::size_t rule) {
    const std::string_view first = word(clause.first);
    if (first == "severity" || first == "score" || first == "tags" || first == "mode" || first == "emit") return;
    if (first == "test") return read_test(clause);
    if (first == "reason") return read_reason(clause, rule);
    read_expression(clause, rule);
  }

  void read_test(const token_range& clause) {
    for (const auto& line : syntax::test_lines(file_.source, clause)) {
      if (word(line.first + 1) != "{") continue;
      const auto event = names_.find(symbol_kind::event, word(line.first));
      add(line.first, event);
      if (event == no_symbol) continue;
      for (const auto& field : syntax::braced_fields(file_.source, line.first + 1)) {
        add(field.first, names_.find(symbol_kind::field, word(field.first), event));
      }
    }
  }

  /// What stands between braces in a text is read as a file of its own, whose places are moved.
  void read_reason(const token_range& clause, std::size_t rule) {
    for (std::size_t i = clause.first; i < clause.last; ++i) {
      if (file_.source.tokens[i].kind != syntax::token_kind::text) continue;
      for (const auto& range : braced_in_text(file_, i)) {
        const auto text = file_.source.text.substr(range.begin, range.end - range.begin);
        const outlined_file inside{file_.number, {text, 0, syntax::scan(text), 0}, {}};
        scope_walker walker(inside, names_, rule);
        for (std::size_t t = 0; t < inside.source.tokens.size(); ++t) {
          const auto symbol = walker.read(t);
          const auto at = inside.span(t);
          if (symbol != no_symbol) uses_.push_back({{at.file, range.begin + at.begin, range.begin + at.end}, symbol});
        }
      }
    }
  }

  const outlined_file& file_;
  const name_table& names_;
  std::vector<symbol_use>& uses_;
};

}  // namespace

std::string_view to_text(symbol_kind kind) {
  switch (kind) {
    case symbol_kind::entity: return "entity";
    case symbol_kind::event: return "event";
    case symbol_kind::field: return "field";
    case symbol_kind::param: return "param";
    case symbol_kind::list: return "list";
    case symbol_kind::table: return "table";
    case symbol_kind::column: return "column";
    case symbol_kind::model: return "model";
    case symbol_kind::graph: return "graph";
    case symbol_kind::let: return "let";
    case symbol_kind::parameter: return "parameter";
    case symbol_kind::rule: return "rule";
    case symbol_kind::subject: return "subject";
    case symbol_kind::label: return "label";
    case symbol_kind::vertex: return "vertex";
    case symbol_kind::test: return "test";
    case symbol_kind::import: return "import";
  }
  return {};
}

symbol_index::symbol_index(std::vector<source_file> files) : files_(std::move(files)) {
  std::vector<outlined_file> outlines;
  for (std::uint32_t i = 0; i < files_.size(); ++i) {
    outlines.push_back(outlined(files_[i], i));
    define_names(outlines.back(), symbols_);
  }
  const name_table names(symbols_);
  for (std::size_t i = 0; i < symbols_.size(); ++i) uses_.push_back({symbols_[i].where, i});
  for (const auto& file : outlines) finding_uses(file, names, uses_).run();
  // A name's declaration may have been read as a use, too: once is enough.
  std::ranges::stable_sort(uses_, {}, [](const symbol_use& use) { return place_of(use.where); });
  const auto same = std::ranges::unique(uses_, {}, &symbol_use::where);
  uses_.erase(same.begin(), same.end());
}

const symbol_use* symbol_index::use_at(std::uint32_t file, std::size_t offset) const {
  const auto behind = std::ranges::upper_bound(uses_, std::tuple(file, static_cast<std::uint32_t>(offset)), {},
                                               [](const symbol_use& use) { return place_of(use.where); });
  if (behind == uses_.begin()) return nullptr;
  const symbol_use& use = *(behind - 1);
  return use.where.file == file && offset <= use.where.end ? &use : nullptr;
}

std::vector<source_span> symbol_index::uses_of(std::size_t symbol) const {
  std::vector<source_span> places;
  for (const auto& use : uses_) {
    if (use.symbol == symbol) places.push_back(use.where);
  }
  return places;
}

std::optional<std::size_t> symbol_index::find(symbol_kind kind, std::string_view name, std::size_t owner) const {
  for (const auto i : all(kind, owner)) {
    if (symbols_[i].name == name) return i;
  }
  return std::nullopt;
}

std::vector<std::size_t> symbol_index::all(symbol_kind kind, std::size_t owner) const {
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < symbols_.size(); ++i) {
    if (symbols_[i].kind == kind && symbols_[i].owner == owner) found.push_back(i);
  }
  return found;
}

}  // namespace weir::rules
