#include "apps/weir/lsp/server.hpp"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "apps/weir/lsp/uri.hpp"
#include "rules/format.hpp"

namespace weir::app::lsp {

namespace {

std::string normal(const std::string& path) { return std::filesystem::path(path).lexically_normal().string(); }

const std::string& uri_in(const json& params) {
  return params.at("textDocument").at("uri").get_ref<const std::string&>();
}

std::string path_in(const json& params) { return path_of_uri(uri_in(params)); }

bool is_id(const json& id) { return id.is_string() || id.is_number() || id.is_null(); }

json capabilities() {
  return {
      {"positionEncoding", "utf-16"},
      {"textDocumentSync", {{"openClose", true}, {"change", 2}, {"save", {{"includeText", false}}}}},  // 2: increments
      {"hoverProvider", true},
      {"completionProvider", {{"triggerCharacters", {".", ":"}}}},
      {"definitionProvider", true},
      {"referencesProvider", true},
      {"documentFormattingProvider", true},
      {"documentSymbolProvider", true},
  };
}

}  // namespace

/// A place in an open document.
struct server::place {
  const document* in = nullptr;  // null where no such document is open
  std::optional<indexed_file> file;
  std::size_t offset = 0;

  const rules::symbol* named() const {
    const auto* use = file ? file->index->use_at(file->file, offset) : nullptr;
    return use == nullptr ? nullptr : &file->index->symbols()[use->symbol];
  }
};

// ---- messages

std::vector<json> server::take(std::string_view text) {
  const auto message = json::parse(text, nullptr, false);
  if (message.is_discarded()) return {refuse("this is not JSON, or not UTF-8")};
  if (!message.is_object()) return {error_answer(nullptr, rpc_error::invalid_request, "a message is an object")};
  const auto id = message.find("id");
  const auto method = message.find("method");
  const bool is_answer = method == message.end() && (message.contains("result") || message.contains("error"));
  if (is_answer) return {};  // nothing is asked of the editor
  if (id != message.end() && !is_id(*id)) {
    return {error_answer(nullptr, rpc_error::invalid_request, "an id is a number or a text")};
  }
  if (method == message.end() || !method->is_string()) {
    return {error_answer(id == message.end() ? json() : *id, rpc_error::invalid_request, "a message names its method")};
  }
  const auto params = message.value("params", json::object());
  if (id != message.end()) return {answer_request(*id, *method, params)};
  notice(*method, params);
  return {};
}

json server::refuse(const std::string& why) { return error_answer(nullptr, rpc_error::parse_error, why); }

json server::answer_request(const json& id, const std::string& method, const json& params) {
  try {
    return answer(id, result_of(method, params));
  } catch (const rpc_failure& failure) {
    return error_answer(id, failure.code(), failure.what());
  } catch (const json::exception& wrong) {
    return error_answer(id, rpc_error::invalid_params, fmt::format("{}: {}", method, wrong.what()));
  } catch (const std::exception& bug) {
    return error_answer(id, rpc_error::internal_error, fmt::format("{}: {}", method, bug.what()));
  }
}

json server::result_of(const std::string& method, const json& params) {
  if (method == "initialize") return initialize(params);
  if (stage_ == stage::waiting) throw rpc_failure(rpc_error::server_not_initialized, "`initialize` comes first");
  if (stage_ == stage::shut_down) throw rpc_failure(rpc_error::invalid_request, "behind `shutdown` comes `exit`");
  if (method == "shutdown") {
    stage_ = stage::shut_down;
    was_shut_down_ = true;
    return nullptr;
  }
  if (method == "textDocument/hover") return hover(params);
  if (method == "textDocument/completion") return completion(params);
  if (method == "textDocument/definition") return definition(params);
  if (method == "textDocument/references") return references(params);
  if (method == "textDocument/formatting") return formatting(params);
  if (method == "textDocument/documentSymbol") return document_symbols(params);
  throw rpc_failure(rpc_error::method_not_found, fmt::format("`{}` is not known here", method));
}

/// Notifications are not answered, so one that says nothing sensible passes.
void server::notice(const std::string& method, const json& params) {
  if (method == "exit") stage_ = stage::ended;
  if (stage_ != stage::running) return;
  try {
    if (method == "textDocument/didOpen") opened(params);
    if (method == "textDocument/didChange") changed(params);
    if (method == "textDocument/didClose") closed(params);
    if (method == "textDocument/didSave" || method == "workspace/didChangeWatchedFiles") files_.refresh();
  } catch (const json::exception&) {
    return;
  }
}

json server::initialize(const json& params) {
  if (stage_ != stage::waiting) throw rpc_failure(rpc_error::invalid_request, "`initialize` comes once");
  static const json::json_pointer nested("/capabilities/textDocument/documentSymbol/hierarchicalDocumentSymbolSupport");
  nested_symbols_ = params.value(nested, false);
  stage_ = stage::running;
  return {{"capabilities", capabilities()}, {"serverInfo", {{"name", "weir"}, {"version", WEIR_VERSION}}}};
}

// ---- documents

void server::opened(const json& params) {
  const auto& written = params.at("textDocument");
  const auto& uri = uri_in(params);
  files_.open({uri, path_of_uri(uri), written.value("version", 0), written.at("text").get<std::string>()});
}

void server::changed(const json& params) {
  files_.change(path_in(params), params.at("textDocument").value("version", 0), params.at("contentChanges"));
}

void server::closed(const json& params) { files_.close(path_in(params)); }

std::vector<json> server::check() {
  std::vector<json> told;
  for (const auto& file : files_.check()) {
    told.push_back(notification("textDocument/publishDiagnostics", diagnostics_json(file, uri_of(file.path))));
  }
  return told;
}

std::string server::uri_of(const std::string& path) const {
  const auto* open = files_.find(normal(path));
  return open == nullptr ? uri_of_path(normal(path)) : open->uri;
}

// ---- requests

server::place server::place_of(const json& params) {
  const auto path = path_in(params);
  const auto position = position_in(params.at("position"));
  place at{.in = files_.find(path), .file = files_.indexed(path)};
  if (at.in != nullptr) at.offset = rules::line_table(at.in->text).offset_of(position);
  return at;
}

json server::hover(const json& params) {
  const auto at = place_of(params);
  if (!at.file) return nullptr;
  const auto shown = rules::hover_at(*at.file->index, at.file->file, at.offset);
  return shown ? hover_json(*shown, at.in->text) : json();
}

json server::completion(const json& params) {
  const auto at = place_of(params);
  if (!at.file) return nullptr;
  return completions_json(rules::completions_at(*at.file->index, at.file->file, at.offset));
}

json server::location(const rules::symbol_index& index, const rules::source_span& where) const {
  return location_json(index, where, [this](const std::string& path) { return uri_of(path); });
}

json server::definition(const json& params) {
  const auto at = place_of(params);
  const auto* symbol = at.named();
  if (symbol == nullptr) return nullptr;
  if (symbol->kind == rules::symbol_kind::import) return imported(at, *symbol);
  const auto& index = *at.file->index;
  // `for card` declares a subject by naming its entity.
  const bool names_entity = symbol->kind == rules::symbol_kind::subject && symbol->where == symbol->extent;
  const auto entity = names_entity ? index.find(rules::symbol_kind::entity, symbol->name) : std::nullopt;
  return location(index, entity ? index.symbols()[*entity].where : symbol->where);
}

/// The file that an import names, if it could be read.
json server::imported(const place& at, const rules::symbol& import) const {
  const auto& files = at.file->index->files();
  const auto folder = std::filesystem::path(files[import.where.file].path).parent_path();
  const auto path = normal((folder / import.name).string());
  const auto found = std::ranges::find(files, path, [](const auto& file) { return normal(file.path); });
  if (found == files.end()) return nullptr;
  return location(*at.file->index, {static_cast<std::uint32_t>(found - files.begin()), 0, 0});
}

json server::references(const json& params) {
  const auto at = place_of(params);
  const auto* symbol = at.named();
  if (symbol == nullptr) return nullptr;
  static const json::json_pointer with_declaration("/context/includeDeclaration");
  const bool all = params.value(with_declaration, true);
  const auto& index = *at.file->index;
  auto places = json::array();
  for (const auto& where : index.uses_of(static_cast<std::size_t>(symbol - index.symbols().data()))) {
    if (all || where != symbol->where) places.push_back(location(index, where));
  }
  return places;
}

/// Nothing for a text with errors of syntax: these are shown already.
json server::formatting(const json& params) {
  const auto* document = files_.find(path_in(params));
  if (document == nullptr) return nullptr;
  const auto laid_out = rules::format(document->text);
  return laid_out ? edits_between(document->text, *laid_out) : json();
}

json server::document_symbols(const json& params) {
  const auto file = files_.indexed(path_in(params));
  return file ? symbols_json(*file, uri_in(params), nested_symbols_) : json();
}

}  // namespace weir::app::lsp
