#pragma once

#include <stdexcept>
#include <string>

#include <nlohmann/json.hpp>

// JSON-RPC 2.0, as far as the Language Server Protocol takes it.
namespace weir::app::lsp {

using json = nlohmann::json;

enum class rpc_error : int {
  parse_error = -32700,
  invalid_request = -32600,
  method_not_found = -32601,
  invalid_params = -32602,
  internal_error = -32603,
  server_not_initialized = -32002,
};

/// Ends the handling of a request; its answer is the error.
class rpc_failure : public std::runtime_error {
 public:
  rpc_failure(rpc_error code, const std::string& message) : std::runtime_error(message), code_(code) {}

  rpc_error code() const { return code_; }

 private:
  rpc_error code_;
};

json answer(const json& id, json result);
json error_answer(const json& id, rpc_error code, const std::string& message);
json notification(std::string method, json params);

/// As bytes; those of a text that are not UTF-8 are replaced.
std::string written(const json& message);

}  // namespace weir::app::lsp
