#include "stream/format/ndjson_decoder.hpp"

#include <simdjson.h>

#include <utility>

#include "stream/block.hpp"

namespace weir::stream {

namespace {

namespace json = simdjson::ondemand;
using simdjson::error_code;

static_assert(block_padding >= simdjson::SIMDJSON_PADDING);

constexpr int depth_max = 500;  // of lists and objects in a record; they are walked through by recursion

std::string explain(error_code error) {
  switch (error) {
    case simdjson::UTF8_ERROR: return "record is not UTF-8";
    case simdjson::UNCLOSED_STRING: return "record is not JSON: it ends inside a text";
    case simdjson::INCOMPLETE_ARRAY_OR_OBJECT: return "record is not JSON: it ends early";
    case simdjson::UNESCAPED_CHARS: return "record is not JSON: a control character in a text";
    case simdjson::STRING_ERROR: return "record is not JSON: a bad escape in a text";
    case simdjson::NUMBER_ERROR: return "record is not JSON: a malformed number";
    case simdjson::T_ATOM_ERROR:
    case simdjson::F_ATOM_ERROR:
    case simdjson::N_ATOM_ERROR: return "record is not JSON: a word that is none of true, false and null";
    case simdjson::DEPTH_ERROR: return "record is nested too deeply";
    case simdjson::TRAILING_CONTENT: return "record is not JSON: something follows its end";
    case simdjson::INCORRECT_TYPE: return "record is not a JSON object";
    case simdjson::CAPACITY:
    case simdjson::MEMALLOC: return "record is too large";
    default: return "record is not JSON: a comma, colon or bracket is missing or out of place";
  }
}

std::unexpected<std::string> bad(error_code error) { return std::unexpected(explain(error)); }

/// simdjson's token of a number or a word goes on to the next token.
std::string_view token_of(json::value& value) {
  std::string_view token = value.raw_json_token();
  while (!token.empty() && (token.back() == ' ' || token.back() == '\t' || token.back() == '\r')) {
    token.remove_suffix(1);
  }
  return token;
}

error_code take(simdjson::simdjson_result<json::field>&& found, json::field& field, std::string_view& key) {
  if (const error_code error = std::move(found).get(field)) return error;
  return field.unescaped_key().get(key);
}

error_code check(json::value value, int depth);

error_code check(json::array list, int depth) {
  for (auto element : list) {
    json::value value;
    if (const error_code error = element.get(value)) return error;
    if (const error_code error = check(value, depth)) return error;
  }
  return simdjson::SUCCESS;
}

error_code check(json::object object, int depth) {
  for (auto found : object) {
    json::field field;
    std::string_view key;
    if (const error_code error = take(std::move(found), field, key)) return error;
    if (const error_code error = check(field.value(), depth)) return error;
  }
  return simdjson::SUCCESS;
}

error_code read(json::value value, scalar& into, int depth = 0) {
  if (depth == depth_max) return simdjson::DEPTH_ERROR;
  json::json_type type{};
  if (const error_code error = value.type().get(type)) return error;
  switch (type) {
    case json::json_type::string: {
      into.kind = scalar_kind::text;
      return value.get_string().get(into.text);
    }
    case json::json_type::number: {
      into = {scalar_kind::number, token_of(value)};
      return is_json_number(into.text) ? simdjson::SUCCESS : simdjson::NUMBER_ERROR;
    }
    case json::json_type::boolean: {
      into = {scalar_kind::boolean, token_of(value)};
      return into.text == "true" || into.text == "false" ? simdjson::SUCCESS : simdjson::T_ATOM_ERROR;
    }
    case json::json_type::null: {
      into = {scalar_kind::missing, token_of(value)};
      return into.text == "null" ? simdjson::SUCCESS : simdjson::N_ATOM_ERROR;
    }
    case json::json_type::array: {
      into = {scalar_kind::list, {}};
      json::array list;
      if (const error_code error = value.get_array().get(list)) return error;
      return check(list, depth + 1);
    }
    case json::json_type::object: {
      into = {scalar_kind::object, {}};
      json::object object;
      if (const error_code error = value.get_object().get(object)) return error;
      return check(object, depth + 1);
    }
  }
  return simdjson::TAPE_ERROR;
}

/// On-demand parsing passes over what nobody reads; so that a record is never half valid, all of it is read.
error_code check(json::value value, int depth) {
  scalar unused;
  return read(value, unused, depth);
}

/// The event type that a record names; then the record is as if it had not been read.
std::expected<event_type_id, std::string> choose_type(json::document& document, const record_plan& plan) {
  const std::string& event_field = plan.format().event_field;
  json::object object;
  if (const error_code error = document.get_object().get(object)) return bad(error);
  for (auto found : object) {
    json::field field;
    std::string_view key;
    if (const error_code error = take(std::move(found), field, key)) return bad(error);
    if (key != event_field) continue;
    scalar event;
    if (const error_code error = read(field.value(), event)) return bad(error);
    const auto type = event.kind == scalar_kind::text ? plan.find_type(event.text) : std::nullopt;
    if (event.kind == scalar_kind::missing) break;
    if (!type) return std::unexpected(event_field + ": there is no event \"" + clipped(event.text) + '"');
    document.rewind();
    return *type;
  }
  return std::unexpected(event_field + ": missing");
}

std::expected<void, std::string> fill(json::document& document, field_map& fields, row_builder& row) {
  json::object object;
  if (const error_code error = document.get_object().get(object)) return bad(error);
  for (auto found : object) {
    json::field field;
    std::string_view key;
    if (const error_code error = take(std::move(found), field, key)) return bad(error);
    scalar value;
    const field_map::slot* const slot = fields.find(key);
    if (const error_code error = read(field.value(), value)) return bad(error);
    if (slot == nullptr) continue;
    if (auto put = row.put(*slot, value); !put) return put;
  }
  // Only at the end of the record does simdjson have no location.
  if (document.current_location().error() != simdjson::OUT_OF_BOUNDS) return bad(simdjson::TRAILING_CONTENT);
  return {};
}

}  // namespace

struct ndjson_decoder::reader {
  reader(const schema& types, symbols& names, record_format format)
      : plan(types, std::move(format)), run(types, plan, names) {}

  record_plan plan;
  ndjson_run run;
  json::parser parser;
};

ndjson_decoder::ndjson_decoder(const schema& types, symbols& names, record_format format)
    : names_(names), reader_(std::make_unique<reader>(types, names, std::move(format))) {}

ndjson_decoder::~ndjson_decoder() = default;
ndjson_decoder::ndjson_decoder(ndjson_decoder&&) noexcept = default;

decoded_run ndjson_decoder::decode_run(std::string_view bytes, origin first, std::size_t rows_max, source_clock& clock,
                                       batch& into) {
  return reader_->run.decode(bytes, first, rows_max, clock, into);
}

decoded_record ndjson_decoder::decode(std::string_view record, std::size_t readable, batch& into) {
  record_plan& plan = reader_->plan;
  json::document document;
  const simdjson::padded_string_view padded(record.data(), record.size(), readable);
  if (const error_code error = reader_->parser.iterate(padded).get(document)) return bad(error);
  event_type_id type{};
  if (plan.only_type()) {
    type = *plan.only_type();
  } else {
    const auto chosen = choose_type(document, plan);
    if (!chosen) return std::unexpected(chosen.error());
    type = *chosen;
  }
  row_builder row(plan[type], into[type], names_);
  if (auto filled = fill(document, plan[type], row); !filled) return std::unexpected(std::move(filled.error()));
  auto at = row.finish();
  if (!at) return std::unexpected(std::move(at.error()));
  return open_row{type, *at};
}

}  // namespace weir::stream
