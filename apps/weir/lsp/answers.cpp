#include "apps/weir/lsp/answers.hpp"

#include <fmt/format.h>

#include "apps/weir/finding_json.hpp"

namespace weir::app::lsp {

namespace {

using rules::symbol_kind;

json markdown(const std::string& text) { return {{"kind", "markdown"}, {"value", text}}; }

json diagnostic_json(const rules::diagnostic& finding, const rules::line_table& lines) {
  const bool error = finding.level == rules::diagnostic_level::error;
  return {{"range", range_json(lines, finding.where)},
          {"severity", error ? 1 : 2},
          {"source", "weir"},
          {"message", finding.hint.empty() ? finding.message : finding.message + "\nhint: " + finding.hint}};
}

/// CompletionItemKind.
int kind_number(rules::completion_kind kind) {
  switch (kind) {
    case rules::completion_kind::keyword: return 14;
    case rules::completion_kind::event: return 23;
    case rules::completion_kind::field: return 5;
    case rules::completion_kind::value: return 6;
    case rules::completion_kind::collection: return 9;
    case rules::completion_kind::function: return 3;
    case rules::completion_kind::type: return 7;
    case rules::completion_kind::unit: return 11;
  }
  return 1;
}

json completion_json(const rules::completion& offered, std::size_t place) {
  json item = {{"label", offered.word},
               {"kind", kind_number(offered.kind)},
               {"sortText", fmt::format("{:05}", place)}};  // in our order, not by the alphabet
  if (!offered.detail.empty()) item["detail"] = offered.detail;
  if (!offered.documentation.empty()) item["documentation"] = markdown(offered.documentation);
  return item;
}

/// SymbolKind; 0 for what an outline leaves out.
int kind_number(symbol_kind kind) {
  switch (kind) {
    case symbol_kind::entity: return 11;
    case symbol_kind::event: return 24;
    case symbol_kind::field:
    case symbol_kind::column: return 8;
    case symbol_kind::param: return 14;
    case symbol_kind::list: return 18;
    case symbol_kind::table: return 23;
    case symbol_kind::model: return 19;
    case symbol_kind::graph: return 2;
    case symbol_kind::let: return 12;
    case symbol_kind::rule: return 5;
    case symbol_kind::label: return 13;
    case symbol_kind::test: return 6;
    case symbol_kind::import:
    case symbol_kind::parameter:
    case symbol_kind::subject:
    case symbol_kind::vertex: return 0;
  }
  return 0;
}

std::string detail_of(const rules::symbol& s) {
  return s.type.empty() ? std::string(to_text(s.kind)) : fmt::format("{}: {}", to_text(s.kind), s.type);
}

class outline {
 public:
  outline(const indexed_file& file, const std::string& uri)
      : symbols_(file.index->symbols()),
        file_(file.file),
        lines_(file.index->files()[file.file].text),
        uri_(uri),
        held_(symbols_.size()) {
    for (std::size_t i = 0; i < symbols_.size(); ++i) {
      const auto owner = symbols_[i].owner;
      if (is_listed(symbols_[i]) && owner != rules::no_symbol) held_[owner].push_back(i);
    }
  }

  json nested() const {
    auto top = json::array();
    for (std::size_t i = 0; i < symbols_.size(); ++i) {
      if (is_listed(symbols_[i]) && symbols_[i].owner == rules::no_symbol) top.push_back(nested_item(i));
    }
    return top;
  }

  json flat() const {
    auto all = json::array();
    for (const auto& s : symbols_) {
      if (is_listed(s)) all.push_back(flat_item(s));
    }
    return all;
  }

 private:
  bool is_listed(const rules::symbol& s) const { return s.where.file == file_ && kind_number(s.kind) != 0; }

  json nested_item(std::size_t index) const {
    const auto& s = symbols_[index];
    json item = {{"name", s.name},
                 {"detail", detail_of(s)},
                 {"kind", kind_number(s.kind)},
                 {"range", range_json(lines_, s.extent)},
                 {"selectionRange", range_json(lines_, s.where)}};
    for (const auto held : held_[index]) item["children"].push_back(nested_item(held));
    return item;
  }

  json flat_item(const rules::symbol& s) const {
    json item = {{"name", s.name},
                 {"kind", kind_number(s.kind)},
                 {"location", {{"uri", uri_}, {"range", range_json(lines_, s.extent)}}}};
    if (s.owner != rules::no_symbol) item["containerName"] = symbols_[s.owner].name;
    return item;
  }

  const std::vector<rules::symbol>& symbols_;
  std::uint32_t file_;
  rules::line_table lines_;
  const std::string& uri_;
  std::vector<std::vector<std::size_t>> held_;  // what each symbol owns
};

}  // namespace

json diagnostics_json(const file_findings& file, const std::string& uri) {
  const rules::line_table lines(file.text);
  auto all = json::array();
  for (const auto& finding : file.findings) all.push_back(diagnostic_json(finding, lines));
  json said = {{"uri", uri}, {"diagnostics", std::move(all)}};
  if (file.version) said["version"] = *file.version;
  return said;
}

json hover_json(const rules::hover& shown, const std::string& text) {
  return {{"contents", markdown(shown.text)}, {"range", range_json(rules::line_table(text), shown.where)}};
}

json completions_json(const std::vector<rules::completion>& offered) {
  auto items = json::array();
  for (const auto& c : offered) items.push_back(completion_json(c, items.size()));
  return {{"isIncomplete", false}, {"items", std::move(items)}};
}

json location_json(const rules::symbol_index& index, const rules::source_span& where, const uri_speller& uri) {
  const auto& file = index.files().at(where.file);
  return {{"uri", uri(file.path)}, {"range", range_json(rules::line_table(file.text), where)}};
}

json symbols_json(const indexed_file& file, const std::string& uri, bool nested) {
  const outline made(file, uri);
  return nested ? made.nested() : made.flat();
}

}  // namespace weir::app::lsp
