#pragma once

#include "rules/check/types.hpp"

namespace weir::rules {

using literal_result = std::expected<cep::expression, type_mismatch>;

/// A number with the digits it was written with; money with those of its currency.
literal_result number_value(const ast::number_literal& written);
literal_result duration_value(const ast::duration_literal& written);

/// A whole number without a currency: of a `score`, a `version`, `N events`, `expect N alerts`.
std::optional<std::int64_t> whole_number(const ast::number_literal& written);

/// A duration of more than nothing: of a `within`, a window, a `suppress`.
std::expected<stream::duration, type_mismatch> positive_duration(const ast::duration_literal& written);

/// `number` times 10^power, if it fits.
std::optional<cep::int128> scaled(cep::int128 number, int power);

/// An operation on literals becomes a literal; `true and x` becomes x. What overflows stays as it is.
cep::expression folded(cep::expression e);

}  // namespace weir::rules
