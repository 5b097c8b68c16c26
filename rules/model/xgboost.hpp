#pragma once

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>

#include "cep/reference.hpp"

namespace weir::rules {

/// A model that was read, ready to be asked.
struct trained_model {
  cep::model predict;
  std::size_t features = 0;  // how many numbers it wants
};

/// Reads a model that XGBoost has saved as JSON (1.3 to 3.x): trees with splits on numbers, and one number as the
/// answer. It gives what `Booster.predict` gives; `binary:logistic` a probability. Nothing in the text is taken on
/// trust; the error says what is wrong with it, or not read by Weir.
std::expected<trained_model, std::string> read_xgboost(std::string_view text);

}  // namespace weir::rules
