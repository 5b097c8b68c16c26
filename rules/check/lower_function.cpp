#include <algorithm>
#include <chrono>

#include "cep/text_function.hpp"
#include "rules/check/literals.hpp"
#include "rules/check/lower_expression.hpp"

namespace weir::rules {
namespace {

using cep::operation;
using cep::unit;
using cep::value_kind;
using namespace std::chrono_literals;

constexpr cep::value_type text_type{.kind = value_kind::text};
constexpr cep::value_type real_type{.kind = value_kind::real};

// How each is called, as a hint says it.
const by_name<std::string> functions = {{"lower", "lower(TEXT)"},
                                        {"upper", "upper(TEXT)"},
                                        {"starts_with", "starts_with(TEXT, \"beginning\")"},
                                        {"ends_with", "ends_with(TEXT, \"end\")"},
                                        {"contains", "contains(TEXT, \"part\")"},
                                        {"matches", "matches(TEXT, \"pattern\")"},
                                        {"length", "length(TEXT)"},
                                        {"abs", "abs(NUMBER)"},
                                        {"round", "round(NUMBER) or round(NUMBER, DIGITS)"},
                                        {"coalesce", "coalesce(A, B, …)"},
                                        {"days", "days(DURATION)"},
                                        {"hours", "hours(DURATION)"},
                                        {"minutes", "minutes(DURATION)"},
                                        {"seconds", "seconds(DURATION)"},
                                        {"distance_km", "distance_km(EVENT, EVENT) or distance_km(LAT, LON, LAT, LON)"},
                                        {"score", "score(MODEL, FEATURE, …)"}};

const by_name<operation> text_functions = {
    {"lower", operation::lower},         {"upper", operation::upper},       {"starts_with", operation::starts_with},
    {"ends_with", operation::ends_with}, {"contains", operation::contains}, {"matches", operation::matches},
    {"length", operation::length}};

const by_name<stream::duration> units = {
    {"days", std::chrono::days{1}}, {"hours", 1h}, {"minutes", 1min}, {"seconds", 1s}};

bool is_textual(const cep::value_type& type) {
  return type.kind == value_kind::text || type.kind == value_kind::entity;
}

bool is_plain_number(const cep::value_type& type) { return is_number(type) && type.unit == unit::none; }

cep::value_type result_of(operation op) {
  if (op == operation::lower || op == operation::upper) return text_type;
  return op == operation::length ? count_type : boolean_type;
}

cep::expression call_of(operation op, const cep::value_type& type, std::vector<cep::expression> args) {
  cep::expression e;
  e.op = op;
  e.type = type;
  e.args = std::move(args);
  return e;
}

}  // namespace

bool is_function(std::string_view name) { return functions.contains(name); }

std::vector<std::string> function_names() { return names_of(functions); }

lowered expression_lowering::function(const ast::call& e) {
  const auto& name = e.function.name;
  if (const auto text = text_functions.find(name); text != text_functions.end()) {
    const bool one = name == "lower" || name == "upper" || name == "length";
    return text_function(e, text->second, one ? 1 : 2);
  }
  if (const auto unit = units.find(name); unit != units.end()) return counted_in(e, unit->second);
  if (name == "abs") return absolute(e);
  if (name == "round") return rounded(e);
  if (name == "coalesce") return coalesced(e);
  if (name == "score") return scored(e);
  return distance(e);
}

bool expression_lowering::has_arguments(const ast::call& e, std::size_t least, std::size_t most) {
  const std::size_t given = e.arguments.size();
  if (given >= least && given <= most) return true;
  const std::string wanted = least == most  ? std::to_string(least)
                             : most > 1'000 ? "at least " + std::to_string(least)
                                            : std::to_string(least) + " or " + std::to_string(most);
  complain(e,
           quoted(e.function.name) + " takes " + wanted + (most == 1 ? " argument" : " arguments") + ", not " +
               std::to_string(given),
           "write " + functions.find(e.function.name)->second);
  return false;
}

lowered expression_lowering::text_function(const ast::call& e, operation op, std::size_t arguments) {
  if (!has_arguments(e, arguments, arguments)) return std::nullopt;
  std::vector<cep::expression> args;
  bool good = true;
  for (const auto& given : e.arguments) {
    auto arg = lower(given);
    if (arg && !is_textual(arg->type)) {
      complain(given, quoted(e.function.name) + " takes a text, not " + noun(arg->type, schema()));
      arg.reset();
    }
    good = good && arg;
    if (arg) args.push_back(*std::move(arg));
  }
  if (!good) return std::nullopt;
  if (op == operation::matches && !is_pattern(args[1], e.arguments[1])) return std::nullopt;
  return folded(call_of(op, result_of(op), std::move(args)));
}

bool expression_lowering::is_pattern(const cep::expression& e, const ast::expression& place) {
  if (!is_literal(e)) {
    complain(place, "the pattern of `matches` is a text written in place, or a param",
             "it is read once, when the rule is checked");
    return false;
  }
  const auto why = cep::why_not_a_pattern(std::get<std::string>(e.constant));
  if (why.empty()) return true;
  complain(place, "this is no pattern: " + why, "patterns are RE2's; a backslash in a text is written \\\\");
  return false;
}

lowered expression_lowering::absolute(const ast::call& e) {
  if (!has_arguments(e, 1, 1)) return std::nullopt;
  auto number = lower(e.arguments[0]);
  if (!number) return std::nullopt;
  if (!is_number(number->type) || number->type.unit == unit::time) {
    return complain(e.arguments[0], "`abs` takes a number, not " + noun(number->type, schema()));
  }
  const auto type = number->type;
  return folded(call_of(operation::absolute, type, {*std::move(number)}));
}

lowered expression_lowering::rounded(const ast::call& e) {
  constexpr std::int64_t digits_max = 18;
  if (!has_arguments(e, 1, 2)) return std::nullopt;
  auto number = lower(e.arguments[0]);
  std::int64_t digits = 0;
  if (e.arguments.size() == 2) {
    const auto* written = boost::get<ast::number_literal>(&e.arguments[1].get());
    const auto whole = written == nullptr ? std::nullopt : whole_number(*written);
    if (!whole || *whole > digits_max) {
      return complain(e.arguments[1], "the digits that `round` keeps are a whole number from 0 to 18");
    }
    digits = *whole;
  }
  if (!number) return std::nullopt;
  if (!is_number(number->type) || number->type.unit == unit::time) {
    return complain(e.arguments[0], "`round` takes a number, not " + noun(number->type, schema()));
  }
  auto type = number->type;
  if (type.kind == value_kind::exact && type.unit == unit::none) {
    type.digits = static_cast<std::uint8_t>(std::min<std::int64_t>(type.digits, digits));
  }
  auto result = call_of(operation::round, type, {*std::move(number)});
  result.index = static_cast<std::uint16_t>(digits);
  return folded(std::move(result));
}

// `coalesce(a, b, c)` is `a ?? b ?? c`.
lowered expression_lowering::coalesced(const ast::call& e) {
  if (!has_arguments(e, 2, std::string::npos)) return std::nullopt;
  auto result = lower(e.arguments[0]);
  ast::located place = e.arguments[0];
  for (std::size_t i = 1; i < e.arguments.size(); ++i) {
    auto next = lower(e.arguments[i]);
    place.end = e.arguments[i].end;
    if (!result || !next) {
      result.reset();
    } else {
      result = combined(*std::move(result), ast::binary_operator::or_default, *std::move(next), place);
    }
  }
  return result;
}

// How many hours a duration is: a division by one.
lowered expression_lowering::counted_in(const ast::call& e, stream::duration unit) {
  if (!has_arguments(e, 1, 1)) return std::nullopt;
  auto length = lower(e.arguments[0]);
  if (!length) return std::nullopt;
  if (!is_number(length->type) || length->type.unit != unit::duration) {
    return complain(e.arguments[0], quoted(e.function.name) + " takes a duration, not " + noun(length->type, schema()),
                    length->type.unit == unit::time ? "subtract two times: b.at - a.at" : "");
  }
  auto one = literal(duration_type, cep::int128{unit.count()});
  return call_of(operation::divide, real_type, {*std::move(length), std::move(one)});
}

lowered expression_lowering::distance(const ast::call& e) {
  if (e.arguments.size() == 2) return distance_of_events(e);
  if (e.arguments.size() != 4) {
    return complain(e,
                    "`distance_km` takes two events or four numbers, not " + std::to_string(e.arguments.size()) +
                        (e.arguments.size() == 1 ? " argument" : " arguments"),
                    "write " + functions.find("distance_km")->second);
  }
  std::vector<cep::expression> args;
  bool good = true;
  for (const auto& given : e.arguments) {
    auto arg = degrees(given);
    good = good && arg;
    if (arg) args.push_back(*std::move(arg));
  }
  if (!good) return std::nullopt;
  return folded(call_of(operation::distance_km, real_type, std::move(args)));
}

lowered expression_lowering::degrees(const ast::expression& e) {
  auto number = lower(e);
  if (!number || is_plain_number(number->type)) return number;
  return complain(e, "`distance_km` takes degrees, not " + noun(number->type, schema()));
}

lowered expression_lowering::distance_of_events(const ast::call& e) {
  std::vector<cep::expression> args;
  bool good = true;
  for (const auto& given : e.arguments) {
    const auto event = event_of(given);
    good = good && event && event->type;
    for (const auto* name : {"lat", "lon"}) {
      if (!event || !event->type) continue;
      if (!schema()[*event->type].find(name) && !work_.names.has_field_in_error(event->event)) {
        complain(given, quoted(event->event) + " has no field " + quoted(name),
                 "`distance_km` reads the fields lat and lon of its events; else give it four numbers");
        good = false;
        break;
      }
      ast::identifier field;
      static_cast<ast::located&>(field) = given;
      field.name = name;
      auto number = field_of(*event, field);
      if (number && !is_plain_number(number->type)) {
        number = complain(given, quoted(event->event + "." + name) + " is " + noun(number->type, schema()) +
                                     ", and `distance_km` takes degrees");
      }
      good = good && number;
      if (number) args.push_back(*std::move(number));
    }
  }
  if (!good) return std::nullopt;
  return call_of(operation::distance_km, real_type, std::move(args));
}

// `score(fraud, t.amount, count(transfer) over 1h)`.
lowered expression_lowering::scored(const ast::call& e) {
  if (!has_arguments(e, 2, std::string::npos)) return std::nullopt;
  const auto* model = model_of(e.arguments[0]);
  std::vector<cep::expression> args;
  bool good = true;
  for (std::size_t i = 1; i < e.arguments.size(); ++i) {
    auto arg = lower(e.arguments[i]);
    if (arg && arg->type.kind != value_kind::boolean && (!is_number(arg->type) || arg->type.unit == unit::time)) {
      arg = complain(e.arguments[i], "a model reads numbers and conditions, not " + noun(arg->type, schema()));
    }
    good = good && arg;
    if (arg) args.push_back(*std::move(arg));
  }
  if (model == nullptr || !good || model->state == checked::in_error) return std::nullopt;
  if (args.size() != model->features) {
    return complain(e,
                    "the model wants " + std::to_string(model->features) +
                        (model->features == 1 ? " feature" : " features") + ", not " + std::to_string(args.size()),
                    "give them in the order in which it was trained");
  }
  auto result = call_of(operation::score, real_type, std::move(args));
  result.index = model->index;
  return result;
}

const declared_model* expression_lowering::model_of(const ast::expression& e) {
  const auto* name = boost::get<ast::name>(&e.get());
  if (name == nullptr || name->parts.size() != 1) {
    complain(e, "the name of a model stands here", "write score(MODEL, FEATURE, …)");
    return nullptr;
  }
  const auto& models = work_.names.models;
  const auto found = models.find(name->parts[0].name);
  if (found != models.end()) return &found->second;
  complain_unknown(e, "there is no model " + quoted(name->parts[0].name),
                   did_you_mean(name->parts[0].name, names_of(models)));
  return nullptr;
}

}  // namespace weir::rules
