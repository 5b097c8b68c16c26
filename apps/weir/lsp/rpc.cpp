#include "apps/weir/lsp/rpc.hpp"

#include <utility>

namespace weir::app::lsp {

json answer(const json& id, json result) { return {{"jsonrpc", "2.0"}, {"id", id}, {"result", std::move(result)}}; }

json error_answer(const json& id, rpc_error code, const std::string& message) {
  return {{"jsonrpc", "2.0"}, {"id", id}, {"error", {{"code", static_cast<int>(code)}, {"message", message}}}};
}

json notification(std::string method, json params) {
  return {{"jsonrpc", "2.0"}, {"method", std::move(method)}, {"params", std::move(params)}};
}

std::string written(const json& message) { return message.dump(-1, ' ', false, json::error_handler_t::replace); }

}  // namespace weir::app::lsp
