#include "rules/model/xgboost.hpp"

#include <catch2/catch.hpp>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>
#include <vector>

namespace {

using nlohmann::json;
using weir::rules::read_xgboost;

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

// Two trees: x < 10 gives 1, else by y < 5 (missing goes right) 2 or 3; y < 1 (missing goes left) gives −1 or 0.5.
json small_model(const std::string& objective, const std::string& base) {
  return json::parse(R"({"learner": {
    "learner_model_param": {"base_score": ")" +
                     base + R"(", "num_class": "0", "num_feature": "2"},
    "objective": {"name": ")" +
                     objective + R"("},
    "gradient_booster": {"name": "gbtree", "model": {"trees": [
      {"left_children": [1, -1, 3, -1, -1], "right_children": [2, -1, 4, -1, -1], "split_indices": [0, 0, 1, 0, 0],
       "split_conditions": [10, 1, 5, 2, 3], "default_left": [true, false, false, false, false]},
      {"left_children": [1, -1, -1], "right_children": [2, -1, -1], "split_indices": [1, 0, 0],
       "split_conditions": [1, -1, 0.5], "default_left": [1, 0, 0]}]}}}})");
}

double answer(const json& model, std::vector<double> given) {
  const auto read = read_xgboost(model.dump());
  REQUIRE(read);
  return read->predict(given);
}

std::string why_not(const json& model) {
  const auto read = read_xgboost(model.dump());
  return read ? "it was read" : read.error();
}

}  // namespace

TEST_CASE("the leaves that a row comes to are added up") {
  const auto model = small_model("reg:squarederror", "2.5E-1");
  CHECK(answer(model, {9.5, 0}) == 0.25 + 1 - 1);
  CHECK(answer(model, {10, 4}) == 0.25 + 2 + 0.5);
  CHECK(answer(model, {11, 5}) == 0.25 + 3 + 0.5);
}

TEST_CASE("a missing value goes where the tree says") {
  const auto model = small_model("reg:squarederror", "0");
  CHECK(answer(model, {missing, 7}) == 1 + 0.5);
  CHECK(answer(model, {10, missing}) == 3 - 1);
}

TEST_CASE("the objective makes an answer of the sum") {
  CHECK(answer(small_model("binary:logistic", "5E-1"), {9, 0}) == 0.5);
  CHECK(answer(small_model("binary:logistic", "[5E-1]"), {11, 7}) == Approx(1 / (1 + std::exp(-3.5))).epsilon(1e-6));
  CHECK(answer(small_model("count:poisson", "2E0"), {11, 7}) == Approx(2 * std::exp(3.5)).epsilon(1e-6));
}

TEST_CASE("models give what XGBoost gave for them") {
  const json cases = json::parse(std::ifstream(WEIR_MODELS));
  REQUIRE(cases.size() > 10);
  for (const json& each : cases) {
    INFO(each["version"] << " " << each["objective"]);
    const auto read = read_xgboost(each["model"].dump());
    REQUIRE(read);
    CHECK(read->features == 3);
    for (std::size_t i = 0; i < each["rows"].size(); ++i) {
      std::vector<double> row;
      for (const json& v : each["rows"][i]) row.push_back(v.is_null() ? missing : v.get<double>());
      CHECK(read->predict(row) == Approx(each["predictions"][i].get<double>()).epsilon(1e-6));
    }
  }
}

TEST_CASE("nothing in a model is taken on trust") {
  CHECK(read_xgboost("").error().find("no JSON") != std::string::npos);
  CHECK(why_not(json::array()).find("no `learner`") != std::string::npos);
  const auto with = [](const std::string& place, const json& value) {
    json model = small_model("reg:squarederror", "0");
    model[json::json_pointer("/learner/" + place)] = value;
    return why_not(model);
  };
  const std::string tree = "gradient_booster/model/trees/0/";
  CHECK(with(tree + "left_children/0", 5) == "a tree's node leads to one that is not there");
  CHECK(with(tree + "right_children/2", 2) == "a tree's node leads to one that is not there");
  CHECK(with(tree + "right_children/0", -1) == "a tree's node leads to one that is not there");
  CHECK(with(tree + "right_children/0", 2.5) == "a tree's node leads to one that is not there");
  CHECK(with(tree + "split_indices/0", 2) == "a tree asks for a feature that the model does not have");
  CHECK(with(tree + "split_conditions", {1, 2}) == "a tree's arrays are not of one length");
  CHECK(with(tree + "split_conditions/0", "x") == "`split_conditions` holds something that is not a number");
  CHECK(with(tree + "split_type", {1, 0, 0, 0, 0}).find("categories") != std::string::npos);
  CHECK(with("gradient_booster/name", "dart") == "its booster is dart; Weir reads gbtree");
  CHECK(with("learner_model_param/num_class", "3").find("a number a class") != std::string::npos);
  CHECK(with("learner_model_param/base_score", "x") == "`base_score` is not a number: x");
  CHECK(with("objective/name", "multi:softmax") == "Weir does not read models of the objective multi:softmax");
}
