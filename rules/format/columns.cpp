#include "rules/format/columns.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <string_view>

#include "rules/syntax/boundaries.hpp"

namespace weir::rules::formatting {

namespace {

/// Sentences that are aligned with each other.
enum class company : std::uint8_t { none, constants, lets, events, header, judged, steps, test_events };

constexpr std::size_t nowhere = std::string_view::npos;

class aligning {
 public:
  aligning(const text_pieces& text, layout& page) : text_(text), page_(page) {}

  void run() {
    const auto& all = page_.sentences;
    for (std::size_t first = 0; first < all.size();) {
      const company kind = company_of(all[first]);
      std::size_t last = first + 1;
      while (last < all.size() && kind != company::none && goes_on(all[last - 1], all[last], kind)) ++last;
      if (kind != company::none) align_run(kind, members(first, last));
      first = last;
    }
  }

 private:
  using run_of_sentences = std::vector<const sentence*>;
  std::string_view word(std::size_t index) const { return index < text_.size() ? text_.word(index) : ""; }
  std::string_view first_word(const sentence& s) const { return word(s.tokens.first); }

  company company_of(const sentence& s) const {
    const std::string_view first = first_word(s);
    const auto is_any = [&](std::initializer_list<std::string_view> words) {
      return std::ranges::find(words, first) != words.end();
    };
    switch (s.kind) {
      case sentence_kind::declaration:
        if (first == "event") return company::events;
        if (first == "let") return company::lets;
        return is_any({"param", "list", "table", "model", "graph"}) ? company::constants : company::none;
      case sentence_kind::clause:
        if (s.indent != indent_width) return company::none;
        if (is_any({"when", "unless"})) return company::judged;
        return is_any({"severity", "score", "tags", "mode"}) ? company::header : company::none;
      case sentence_kind::step: return company::steps;
      case sentence_kind::test_event: return company::test_events;
      default: return company::none;
    }
  }

  bool goes_on(const sentence& before, const sentence& s, company kind) const {
    if (company_of(s) != kind || before.group != s.group) return false;
    return kind == company::steps || !has_blank_line_before(s);
  }

  bool has_blank_line_before(const sentence& s) const {
    const piece& first = text_.pieces[s.tokens.first];
    return first.blank_before || std::ranges::any_of(first.before, &comment_line::blank_before);
  }

  run_of_sentences members(std::size_t first, std::size_t last) const {
    run_of_sentences chosen;
    for (std::size_t i = first; i < last; ++i) {
      if (!has_inner_comment(text_, page_.sentences[i].tokens)) chosen.push_back(&page_.sentences[i]);
    }
    return chosen;
  }

  void align_run(company kind, const run_of_sentences& run) {
    switch (kind) {
      case company::constants:
        align_tokens(run, [&](const sentence& s) { return s.tokens.first + 1; });
        return align_tokens(run, [&](const sentence& s) { return s.tokens.first + 2; });
      case company::lets: return align_tokens(run, [&](const sentence& s) { return first_of(s, "="); });
      case company::events: return align_names(run);
      case company::header:
      case company::judged: return align_tokens(run, [&](const sentence& s) { return s.tokens.first + 1; });
      case company::steps: return align_tokens(run, [&](const sentence& s) { return event_behind_label(s); });
      case company::test_events:
        return align_where_it_fits(run, [&] {
          align_names(run);
          align_fields(run);
        });
      case company::none: return;
    }
  }

  /// Brings the tokens that `pivot` names into one column.
  template <typename Pivot>
  void align_tokens(const run_of_sentences& run, Pivot pivot) {
    const auto column = [&](const sentence& s) {
      return page_.width(text_, s.tokens.first, pivot(s)) + page_.gaps[pivot(s)];
    };
    const auto has_pivot = [&](const sentence& s) { return pivot(s) < s.tokens.last; };
    std::size_t widest = 0;
    for (const sentence* s : run) {
      if (has_pivot(*s)) widest = std::max(widest, column(*s));
    }
    for (const sentence* s : run) {
      if (has_pivot(*s)) page_.gaps[pivot(*s)] += widest - column(*s);
    }
  }

  void align_names(const run_of_sentences& run) {
    align_tokens(run, [&](const sentence& s) { return first_of(s, "{"); });
  }

  /// Undoes an alignment that makes lines too long.
  template <typename Alignment>
  void align_where_it_fits(const run_of_sentences& run, Alignment alignment) {
    auto before = page_.gaps;
    alignment();
    const auto too_long = [&](const sentence* s) {
      return s->indent + page_.width(text_, s->tokens.first, s->tokens.last) > line_width;
    };
    if (std::ranges::any_of(run, too_long)) page_.gaps = std::move(before);
  }

  std::size_t first_of(const sentence& s, std::string_view token) const {
    std::size_t i = s.tokens.first;
    while (i < s.tokens.last && word(i) != token) ++i;
    return i;
  }

  /// `then label: event`: the event. A step that is no plain one, or has no label, has a look of its own.
  std::size_t event_behind_label(const sentence& s) const {
    const std::size_t label = s.tokens.first + 1;
    const bool labelled = syntax::is_word(text_.source, label) && word(label + 1) == ":";
    return labelled ? label + 2 : nowhere;
  }

  // ---- the fields of a test's events

  struct row {
    const sentence* line = nullptr;
    std::vector<syntax::token_range> fields;
  };

  std::string_view name_of(const syntax::token_range& field) const { return word(field.first); }

  /// Events of one kind share their columns, whatever fields each has; those of different kinds as long as their
  /// columns are the same.
  void align_fields(const run_of_sentences& run) {
    std::map<std::string_view, std::vector<row>> kinds;
    for (const sentence* s : run) {
      kinds[first_word(*s)].push_back({s, syntax::braced_fields(text_.source, first_of(*s, "{"))});
    }
    std::map<std::string_view, std::vector<std::string_view>> columns;
    for (const auto& [kind, rows] : kinds) columns[kind] = columns_of(rows);
    const std::size_t shared = shared_columns(columns);
    std::vector<std::size_t> shared_widths(shared, 0);
    for (const auto& [kind, rows] : kinds) {
      const auto widths = widths_of(rows, columns[kind]);
      for (std::size_t i = 0; i < shared; ++i) shared_widths[i] = std::max(shared_widths[i], widths[i]);
    }
    for (const auto& [kind, rows] : kinds) {
      auto widths = widths_of(rows, columns[kind]);
      std::ranges::copy(shared_widths, widths.begin());
      for (const row& r : rows) place_fields(r, columns[kind], widths);
    }
  }

  /// All fields that occur, in an order that is that of each row; none if there is no such order.
  std::vector<std::string_view> columns_of(const std::vector<row>& rows) const {
    std::vector<std::string_view> columns;
    for (const row& r : rows) {
      auto place = columns.begin();
      for (const auto& field : r.fields) {
        const auto known = std::ranges::find(columns, name_of(field));
        place = known != columns.end() ? known + 1 : columns.insert(place, name_of(field)) + 1;
      }
    }
    const auto in_order = [&](const row& r) {
      auto next = columns.begin();
      return std::ranges::all_of(r.fields, [&](const auto& field) {
        next = std::find(next, columns.end(), name_of(field));
        return next != columns.end() && next++ != columns.end();
      });
    };
    return std::ranges::all_of(rows, in_order) ? columns : std::vector<std::string_view>();
  }

  static std::size_t shared_columns(const std::map<std::string_view, std::vector<std::string_view>>& columns) {
    const auto& first = columns.begin()->second;
    std::size_t shared = first.size();
    for (const auto& [kind, others] : columns) {
      const auto [difference, ignored] = std::ranges::mismatch(first, others);
      shared = std::min(shared, static_cast<std::size_t>(difference - first.begin()));
    }
    return shared;
  }

  std::vector<std::size_t> widths_of(const std::vector<row>& rows, const std::vector<std::string_view>& columns) const {
    std::vector<std::size_t> widths(columns.size(), 0);
    for (const row& r : rows) {
      if (columns.empty()) continue;
      for (const auto& field : r.fields) {
        auto& width = widths[static_cast<std::size_t>(std::ranges::find(columns, name_of(field)) - columns.begin())];
        width = std::max(width, page_.width(text_, field.first, field.last));
      }
    }
    return widths;
  }

  void place_fields(const row& r, const std::vector<std::string_view>& columns,
                    const std::vector<std::size_t>& widths) {
    constexpr std::size_t between = 2;
    std::size_t column = 0;    // where the next column begins
    std::size_t position = 0;  // where the last field ends
    std::size_t next = 0;
    for (std::size_t i = 0; i < columns.size() && next < r.fields.size(); ++i) {
      const auto& field = r.fields[next];
      if (name_of(field) == columns[i]) {
        page_.gaps[field.first] = column - position + (next == 0 ? 1 : 0);  // the first one stands behind the brace
        position = column + page_.width(text_, field.first, field.last);
        ++next;
      }
      column += widths[i] + between;
    }
  }

  const text_pieces& text_;
  layout& page_;
};

}  // namespace

void align(const text_pieces& text, layout& page) { aligning(text, page).run(); }

}  // namespace weir::rules::formatting
