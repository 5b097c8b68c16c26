#pragma once

#include <expected>
#include <string>

#include "cep/expression.hpp"
#include "rules/syntax/ast.hpp"
#include "stream/schema.hpp"

namespace weir::rules {

/// Why two types do not go together, in the language's words.
struct type_mismatch {
  std::string message;
  std::string hint;
};

inline constexpr cep::value_type boolean_type{};
inline constexpr cep::value_type count_type{.kind = cep::value_kind::exact};
inline constexpr cep::value_type duration_type{
    .kind = cep::value_kind::exact, .unit = cep::unit::duration, .digits = 6};
inline constexpr cep::value_type time_type{.kind = cep::value_kind::exact, .unit = cep::unit::time, .digits = 6};

/// Beyond this many digits after the point an exact number no longer fits 128 bits with room for its value.
inline constexpr int exact_digits_max = 30;

bool is_number(const cep::value_type& type);
/// Equal but for the digits after the point and whether the number is exact.
bool same_sort(const cep::value_type& a, const cep::value_type& b);

/// "an event", "a param".
std::string with_article(std::string_view word);

/// "a number", "money(EUR)", "a text", "an account", "a condition": the type as a sentence names it.
std::string noun(const cep::value_type& type, const stream::schema& names);

/// What `a op b` gives for +, -, * and /.
std::expected<cep::value_type, type_mismatch> arithmetic_type(ast::binary_operator op, const cep::value_type& a,
                                                              const cep::value_type& b, const stream::schema& names);

/// What `a ?? b` gives.
std::expected<cep::value_type, type_mismatch> default_type(const cep::value_type& a, const cep::value_type& b,
                                                           const stream::schema& names);

/// Whether `a op b` is a comparison that means something.
std::expected<void, type_mismatch> comparable(ast::binary_operator op, const cep::value_type& a,
                                              const cep::value_type& b, const stream::schema& names);

/// A text literal beside an entity, an address or a time is a constant of that type. Gives the literal as it is when
/// it is none, or needs no change.
std::expected<cep::expression, type_mismatch> literal_as(cep::expression literal, const cep::value_type& type);

bool is_literal(const cep::expression& e);
cep::expression literal(const cep::value_type& type, cep::constant_value constant);

}  // namespace weir::rules
