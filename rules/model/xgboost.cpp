#include "rules/model/xgboost.hpp"

#include <simdjson.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <memory>
#include <vector>

namespace weir::rules {
namespace {

using simdjson::dom::array;
using simdjson::dom::element;

struct unreadable {
  std::string why;
};

// ---- the model

// How the sum of the leaves becomes the answer, and the base score a sum to begin with. Single precision throughout, as
// in XGBoost: its thresholds and leaves were chosen in it.
enum class link : std::uint8_t { identity, logistic, exponential };

struct node {
  float value = 0;            // of a leaf; of a split its threshold
  std::int32_t feature = -1;  // none: a leaf
  std::uint32_t left = 0;
  std::uint32_t right = 0;
  bool missing_goes_left = false;
};

using tree = std::vector<node>;

struct forest {
  std::vector<tree> trees;
  std::size_t features = 0;
  link answer = link::identity;
  float base = 0;  // in the space of the sum
};

float logistic(float sum) { return 1.0F / (1.0F + std::exp(std::min(-sum, 88.7F))); }

float leaf_of(const tree& nodes, std::span<const double> given) {
  const node* at = nodes.data();
  while (at->feature >= 0) {
    const auto value = static_cast<float>(given[static_cast<std::size_t>(at->feature)]);
    const bool left = std::isnan(value) ? at->missing_goes_left : value < at->value;
    at = &nodes[left ? at->left : at->right];
  }
  return at->value;
}

double predict(const forest& model, std::span<const double> given) {
  if (given.size() != model.features) return std::numeric_limits<double>::quiet_NaN();
  float sum = model.base;
  for (const tree& nodes : model.trees) sum += leaf_of(nodes, given);
  switch (model.answer) {
    case link::logistic: return logistic(sum);
    case link::exponential: return std::exp(sum);
    case link::identity: break;
  }
  return sum;
}

// ---- reading

element member(element of, std::string_view name) {
  element found;
  if (of.at_key(name).get(found) != simdjson::SUCCESS) {
    throw unreadable{"it has no `" + std::string(name) + "`: is it a model that XGBoost has saved as JSON?"};
  }
  return found;
}

array array_of(element of, std::string_view name) {
  array found;
  if (member(of, name).get(found) != simdjson::SUCCESS) {
    throw unreadable{"`" + std::string(name) + "` is not an array"};
  }
  return found;
}

std::string_view text_of(element of, std::string_view name) {
  std::string_view found;
  if (member(of, name).get(found) != simdjson::SUCCESS) throw unreadable{"`" + std::string(name) + "` is not a text"};
  return found;
}

// XGBoost writes its parameters as texts: "5E-1", and since 3.0 "[5E-1]".
double number_in(std::string_view text, std::string_view name) {
  if (text.starts_with('[') && text.ends_with(']')) text = text.substr(1, text.size() - 2);
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) {
    throw unreadable{"`" + std::string(name) + "` is not a number: " + std::string(text)};
  }
  return number;
}

std::vector<double> numbers_of(element of, std::string_view name) {
  std::vector<double> numbers;
  for (const element each : array_of(of, name)) {
    double number = 0;
    bool truth = false;
    if (each.get(truth) == simdjson::SUCCESS) {
      number = truth ? 1 : 0;
    } else if (each.get(number) != simdjson::SUCCESS) {
      throw unreadable{"`" + std::string(name) + "` holds something that is not a number"};
    }
    numbers.push_back(number);
  }
  return numbers;
}

struct tree_text {
  std::vector<double> left;
  std::vector<double> right;
  std::vector<double> conditions;
  std::vector<double> features;
  std::vector<double> missing_left;
};

tree_text tree_in(element written) {
  tree_text t{.left = numbers_of(written, "left_children"),
              .right = numbers_of(written, "right_children"),
              .conditions = numbers_of(written, "split_conditions"),
              .features = numbers_of(written, "split_indices"),
              .missing_left = numbers_of(written, "default_left")};
  const std::size_t size = t.left.size();
  if (size == 0 || t.right.size() != size || t.conditions.size() != size || t.features.size() != size ||
      t.missing_left.size() != size) {
    throw unreadable{"a tree's arrays are not of one length"};
  }
  return t;
}

// A child stands behind its parent in all that XGBoost writes, so that every walk comes to an end.
std::uint32_t child(double number, std::size_t parent, std::size_t nodes) {
  if (!(number > static_cast<double>(parent) && number < static_cast<double>(nodes)) || number != std::floor(number)) {
    throw unreadable{"a tree's node leads to one that is not there"};
  }
  return static_cast<std::uint32_t>(number);
}

tree nodes_of(element written, std::size_t features) {
  element kinds;
  if (written.at_key("split_type").get(kinds) == simdjson::SUCCESS) {
    for (const double kind : numbers_of(written, "split_type")) {
      if (kind != 0) throw unreadable{"it splits on categories, which Weir does not read: only on numbers"};
    }
  }
  const tree_text t = tree_in(written);
  tree nodes(t.left.size());
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    nodes[i].value = static_cast<float>(t.conditions[i]);
    if (t.left[i] == -1) continue;
    if (!(t.features[i] >= 0 && t.features[i] < static_cast<double>(features))) {
      throw unreadable{"a tree asks for a feature that the model does not have"};
    }
    nodes[i].feature = static_cast<std::int32_t>(t.features[i]);
    nodes[i].left = child(t.left[i], i, nodes.size());
    nodes[i].right = child(t.right[i], i, nodes.size());
    nodes[i].missing_goes_left = t.missing_left[i] != 0;
  }
  return nodes;
}

link link_of(std::string_view objective) {
  if (objective == "binary:logistic" || objective == "reg:logistic") return link::logistic;
  if (objective == "count:poisson" || objective == "reg:gamma" || objective == "reg:tweedie") return link::exponential;
  for (const std::string_view plain :
       {"binary:logitraw", "reg:squarederror", "reg:squaredlogerror", "reg:absoluteerror", "reg:pseudohubererror",
        "rank:pairwise", "rank:ndcg", "rank:map"}) {
    if (objective == plain) return link::identity;
  }
  throw unreadable{"Weir does not read models of the objective " + std::string(objective)};
}

// The base score is written as an answer.
float base_of(double score, link answer) {
  if (answer == link::exponential) return std::log(static_cast<float>(score));
  if (answer == link::identity) return static_cast<float>(score);
  if (!(score > 0 && score < 1)) throw unreadable{"its base score is no probability"};
  return -std::log(1.0F / static_cast<float>(score) - 1.0F);
}

forest forest_in(element model) {
  const element learner = member(model, "learner");
  const element parameters = member(learner, "learner_model_param");
  const element booster = member(learner, "gradient_booster");
  if (text_of(booster, "name") != "gbtree") {
    throw unreadable{"its booster is " + std::string(text_of(booster, "name")) + "; Weir reads gbtree"};
  }
  if (number_in(text_of(parameters, "num_class"), "num_class") > 1) {
    throw unreadable{"it gives a number a class; Weir reads models that give one number"};
  }
  element targets;
  if (parameters.at_key("num_target").get(targets) == simdjson::SUCCESS &&
      number_in(text_of(parameters, "num_target"), "num_target") > 1) {
    throw unreadable{"it gives several numbers; Weir reads models that give one"};
  }
  forest made;
  const double features = number_in(text_of(parameters, "num_feature"), "num_feature");
  if (!(features >= 1 && features <= 1e6)) throw unreadable{"it has no features"};
  made.features = static_cast<std::size_t>(features);
  made.answer = link_of(text_of(member(learner, "objective"), "name"));
  made.base = base_of(number_in(text_of(parameters, "base_score"), "base_score"), made.answer);
  for (const element written : array_of(member(booster, "model"), "trees")) {
    made.trees.push_back(nodes_of(written, made.features));
  }
  return made;
}

}  // namespace

std::expected<trained_model, std::string> read_xgboost(std::string_view text) {
  simdjson::dom::parser parser;
  element model;
  const simdjson::padded_string padded(text);
  if (parser.parse(padded).get(model) != simdjson::SUCCESS) {
    return std::unexpected("it is no JSON: save it with save_model(\"….json\")");
  }
  try {
    // Shared by the copies of the function: it never changes.
    const auto trees = std::make_shared<const forest>(forest_in(model));
    return trained_model{.predict = [trees](std::span<const double> given) { return predict(*trees, given); },
                         .features = trees->features};
  } catch (const unreadable& error) {
    return std::unexpected(error.why);
  }
}

}  // namespace weir::rules
