#include "apps/weir/backtest/labels.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include <fmt/format.h>
#include <simdjson.h>

#include "apps/weir/config.hpp"
#include "stream/file/file_source.hpp"

namespace weir::backtest {

struct labels::row {
  std::string id;
  std::string subject;
  std::string number;
  std::string kind;
  std::string fraud = "1";
};

namespace {

using cells = std::vector<std::string>;

std::expected<std::string, std::string> read_all(const std::string& path) {
  auto file = stream::file_source::open({.path = path});
  if (!file) return std::unexpected(file.error().message);
  std::string text;
  std::vector<char> piece(1 << 18);
  for (;;) {
    const auto read = file->read(piece);
    if (!read) return std::unexpected(read.error().message);
    text.append(piece.data(), read->bytes);
    if (read->ended) return text;
  }
}

/// Takes a cell off the front of a CSV line; what is left begins with a comma, or is empty.
std::string take_cell(std::string_view& rest) {
  std::string cell;
  if (!rest.starts_with('"')) {
    const auto end = std::min(rest.find(','), rest.size());
    cell = rest.substr(0, end);
    rest.remove_prefix(end);
    return cell;
  }
  std::size_t i = 1;
  for (; i < rest.size(); ++i) {
    if (rest[i] == '"' && (++i == rest.size() || rest[i] != '"')) break;
    cell += rest[i];
  }
  rest.remove_prefix(i);
  return cell;
}

cells split(std::string_view line) {
  cells found;
  for (;;) {
    found.push_back(take_cell(line));
    if (line.empty()) return found;
    line.remove_prefix(1);
  }
}

std::string text_of(const simdjson::dom::element& value) {
  if (value.is_null()) return {};
  std::string_view text;
  if (value.get_string().get(text) == simdjson::SUCCESS) return std::string(text);
  return simdjson::minify(value);
}

bool denies(std::string_view fraud) {
  constexpr std::array<std::string_view, 6> denials{"", "0", "false", "False", "FALSE", "no"};
  return std::ranges::find(denials, fraud) != denials.end();
}

}  // namespace

/// Reads one file into `labels`.
class label_reader {
 public:
  label_reader(labels& into, const label_file& file, std::size_t number) : into_(into), file_(file), number_(number) {}

  std::expected<void, std::string> read() {
    const auto text = read_all(file_.path);
    if (!text) return std::unexpected(text.error());
    const auto syntax = app::syntax_by_name(file_.path);
    if (!syntax) {
      return std::unexpected(file_.path + ": the name does not tell whether it is csv or ndjson; call it labels.csv");
    }
    if (!file_.event.empty()) {
      into_.types_.push_back(file_.event);
      type_ = static_cast<std::uint32_t>(into_.types_.size() - 1);
    }
    const bool csv = *syntax == stream::record_syntax::csv;
    return each_line(*text, [&](std::string_view line) { return csv ? take_csv(line) : take_json(line); });
  }

 private:
  using outcome = std::expected<void, std::string>;
  using row = labels::row;

  template <class Take>
  outcome each_line(std::string_view text, Take take) {
    if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
    while (!text.empty()) {
      const auto end = text.find('\n');
      auto line = text.substr(0, end);
      text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
      if (line.ends_with('\r')) line.remove_suffix(1);
      ++line_;
      if (line.empty()) continue;
      if (auto taken = take(line); !taken) return taken;
    }
    return {};
  }

  outcome take_csv(std::string_view line) {
    auto found = split(line);
    if (header_.empty()) return take_header(std::move(found));
    if (found.size() != header_.size()) {
      return wrong(fmt::format("{} fields, the header has {}", found.size(), header_.size()));
    }
    row r;
    for (std::size_t i = 0; i < found.size(); ++i) {
      if (auto* place = place_of(r, header_[i])) *place = std::move(found[i]);
    }
    return add(r);
  }

  outcome take_header(cells names) {
    const auto has = [&](std::string_view name) { return std::ranges::find(names, name) != names.end(); };
    if (!has("id") && !has("subject")) return wrong("no column \"id\" or \"subject\" says what is labelled");
    header_ = std::move(names);
    return {};
  }

  outcome take_json(std::string_view line) {
    simdjson::dom::object record;
    if (parser_.parse(line.data(), line.size()).get_object().get(record) != simdjson::SUCCESS) {
      return wrong("it is no JSON object");
    }
    row r;
    for (const auto& [key, value] : record) {
      if (auto* place = place_of(r, key)) *place = text_of(value);
    }
    return add(r);
  }

  static std::string* place_of(row& r, std::string_view column) {
    if (column == "id") return &r.id;
    if (column == "subject") return &r.subject;
    if (column == "case") return &r.number;
    if (column == "kind" || column == "rule" || column == "typology") return &r.kind;
    if (column == "fraud") return &r.fraud;
    return nullptr;
  }

  outcome add(const row& r) {
    if (denies(r.fraud)) return {};
    if (r.id.empty() && r.subject.empty()) return wrong("neither an id nor a subject");
    into_.add(r, type_, number_);
    return {};
  }

  outcome wrong(const std::string& what) const {
    return std::unexpected(fmt::format("{}, line {}: {}", file_.path, line_, what));
  }

  labels& into_;
  const label_file& file_;
  std::size_t number_;
  std::uint32_t type_ = 0;
  std::size_t line_ = 0;
  cells header_;
  simdjson::dom::parser parser_;
};

std::expected<labels, std::string> labels::read(const std::vector<label_file>& files) {
  labels made;
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (auto read = label_reader(made, files[i], i).read(); !read) return std::unexpected(read.error());
  }
  return made;
}

void labels::add(const row& r, std::uint32_t type, std::size_t file) {
  const auto belongs = case_of(r, file);
  if (!r.id.empty()) enter(by_event_, r.id, {.belongs = belongs, .type = type});
  if (r.subject.empty()) return;
  enter(by_subject_, r.subject, {.belongs = belongs});
  cases_[static_cast<std::size_t>(belongs)].in_input = true;
}

case_id labels::case_of(const row& r, std::size_t file) {
  const auto next = static_cast<std::uint32_t>(cases_.size());
  if (!r.number.empty()) {
    const auto key = fmt::format("{}\n{}\n{}", file, r.kind, r.number);
    const auto [known, is_new] = case_ids_.try_emplace(key, next);
    if (!is_new) return case_id{known->second};
  }
  cases_.push_back({.kind = r.kind});
  return case_id{next};
}

void labels::enter(by_text& into, const std::string& key, entry made) {
  const auto place = static_cast<std::uint32_t>(entries_.size());
  auto [first, is_new] = into.try_emplace(key, place);
  if (!is_new) made.next = std::exchange(first->second, place);
  entries_.push_back(made);
}

bool labels::speaks_of(const entry& e, std::string_view type) const {
  return e.type == any_type || types_[e.type] == type;
}

void labels::of_event(std::string_view type, std::string_view id, std::vector<case_id>& into) const {
  const auto found = by_event_.find(id);
  if (found == by_event_.end()) return;
  for (auto i = found->second; i != none; i = entries_[i].next) {
    if (speaks_of(entries_[i], type)) into.push_back(entries_[i].belongs);
  }
}

void labels::of_subject(std::string_view subject, std::vector<case_id>& into) const {
  const auto found = by_subject_.find(subject);
  if (found == by_subject_.end()) return;
  for (auto i = found->second; i != none; i = entries_[i].next) into.push_back(entries_[i].belongs);
}

void labels::note_event(std::string_view type, std::string_view id) {
  const auto found = by_event_.find(id);
  if (found == by_event_.end()) return;
  for (auto i = found->second; i != none; i = entries_[i].next) {
    if (speaks_of(entries_[i], type)) cases_[static_cast<std::size_t>(entries_[i].belongs)].in_input = true;
  }
}

}  // namespace weir::backtest
