#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "apps/weir/lsp/answers.hpp"
#include "apps/weir/lsp/rpc.hpp"
#include "apps/weir/lsp/workspace.hpp"

namespace weir::app::lsp {

/// The language server between its input and its output: messages in, messages out. It writes nothing and waits for
/// nothing; files that are not open it reads from disk. Used by one thread.
class server {
 public:
  /// Takes a message as it came, and gives those that answer it. Whatever is wrong with it is answered, too.
  std::vector<json> take(std::string_view message);

  /// Takes what could not be read as a message.
  static json refuse(const std::string& why);

  /// True if what was taken calls for `check`: it is for when no message waits.
  bool wants_check() const { return stage_ == stage::running && files_.is_stale(); }

  /// The findings that are news to the editor.
  std::vector<json> check();

  /// True after `exit`.
  bool has_ended() const { return stage_ == stage::ended; }

  /// True if the editor said `shutdown` first, as it should.
  bool was_shut_down() const { return was_shut_down_; }

 private:
  enum class stage : std::uint8_t { waiting, running, shut_down, ended };

  json answer_request(const json& id, const std::string& method, const json& params);
  json result_of(const std::string& method, const json& params);
  void notice(const std::string& method, const json& params);

  json initialize(const json& params);
  json hover(const json& params);
  json completion(const json& params);
  json definition(const json& params);
  json references(const json& params);
  json formatting(const json& params);
  json document_symbols(const json& params);

  void opened(const json& params);
  void changed(const json& params);
  void closed(const json& params);

  struct place;
  place place_of(const json& params);
  json location(const rules::symbol_index& index, const rules::source_span& where) const;
  json imported(const place& at, const rules::symbol& import) const;
  std::string uri_of(const std::string& path) const;

  workspace files_;
  stage stage_ = stage::waiting;
  bool was_shut_down_ = false;
  bool nested_symbols_ = false;  // as the editor says it can show them
};

}  // namespace weir::app::lsp
