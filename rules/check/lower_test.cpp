#include <algorithm>
#include <boost/variant/apply_visitor.hpp>
#include <boost/variant/static_visitor.hpp>
#include <limits>
#include <set>

#include "rules/check/literals.hpp"
#include "rules/check/lower_rule.hpp"

namespace weir::rules {
namespace {

using cep::constant_value;
using cep::int128;
using stream::type_kind;

using value_or_why = std::expected<constant_value, type_mismatch>;

type_mismatch not_a(const std::string& what, std::string hint = {}) { return {"expected " + what, std::move(hint)}; }

// A value of a test's event, as its field keeps it.
class field_value : public boost::static_visitor<value_or_why> {
 public:
  field_value(const stream::field& field, bool negative, const stream::schema& names)
      : field_(field), type_(cep::type_of(field.type)), negative_(negative), names_(names) {}

  value_or_why operator()(const ast::number_literal& written) const {
    if (is_name()) return text(written.digits);
    const auto number = number_value(written);
    if (!number) return std::unexpected(number.error());
    if (!is_number(type_) || number->type.unit != type_.unit || number->type.currency != type_.currency) return wrong();
    return number_of(*number);
  }
  value_or_why operator()(const ast::duration_literal& written) const {
    if (is_name()) return text(written.text);
    const auto length = duration_value(written);
    if (!length) return std::unexpected(length.error());
    if (!is_number(type_) || (type_.unit != cep::unit::duration && type_.unit != cep::unit::time)) return wrong();
    return signed_number(std::get<int128>(length->constant));
  }
  value_or_why operator()(const ast::text_literal& written) const {
    if (is_name()) return text(written.value);
    const auto converted = literal_as(literal({.kind = cep::value_kind::text}, written.value), type_);
    if (!converted) return std::unexpected(converted.error());
    if (negative_ || converted->type.kind == cep::value_kind::text) return wrong();
    return converted->constant;
  }
  value_or_why operator()(const ast::boolean_literal& written) const {
    if (is_name()) return text(written.value ? "true" : "false");
    if (negative_ || type_.kind != cep::value_kind::boolean) return wrong();
    return written.value;
  }
  value_or_why operator()(const ast::identifier& written) const {
    if (is_name()) return text(written.name);
    return wrong();
  }

 private:
  // Texts and entities may be written as bare words and numbers: C1, 4711.
  bool is_name() const { return field_.type.kind == type_kind::text || field_.type.kind == type_kind::entity; }

  value_or_why text(std::string value) const {
    if (negative_) return wrong();
    return value;
  }

  value_or_why number_of(const cep::expression& number) const {
    const auto count = std::get<int128>(number.constant);
    if (field_.type.kind == type_kind::floating) {
      const auto written = cep::to_text(negative_ ? -count : count, number.type.digits);
      return std::stod(written);
    }
    if (number.type.digits > type_.digits) {
      return std::unexpected(not_a(type_.digits == 0
                                       ? "a whole number"
                                       : "at most " + std::to_string(type_.digits) + " digits after the point"));
    }
    const auto kept = scaled(count, type_.digits - number.type.digits);
    if (!kept || *kept > std::numeric_limits<std::int64_t>::max()) {
      return std::unexpected(type_mismatch{"this number is too large for its field", ""});
    }
    return signed_number(*kept);
  }

  value_or_why signed_number(int128 number) const { return negative_ ? -number : number; }

  value_or_why wrong() const {
    std::string hint;
    if (type_.unit == cep::unit::money) hint = "write 5 " + std::string(stream::code_of(type_.currency));
    if (type_.unit == cep::unit::time && is_number(type_)) hint = "write the time since the test began: 9m";
    if (type_.unit == cep::unit::duration && is_number(type_)) hint = "write a duration: 5m";
    if (type_.kind == cep::value_kind::boolean) hint = "write true or false";
    return std::unexpected(type_mismatch{quoted(field_.name) + " is " + noun(type_, names_), hint});
  }

  const stream::field& field_;
  cep::value_type type_;
  bool negative_;
  const stream::schema& names_;
};

class test_lowering {
 public:
  test_lowering(std::uint32_t file, const rule& tested, workplace& work) : file_(file), tested_(tested), work_(work) {}

  rule_test lower(const ast::test_clause& tree) {
    result_.name = tree.name.value;
    result_.where = span_of(file_, tree.name);
    for (const auto& line : tree.lines) {
      if (const auto* event = boost::get<ast::test_event>(&line)) {
        add(*event);
      } else {
        expect(boost::get<ast::test_expectation>(line));
      }
    }
    if (result_.expectations.empty()) {
      error(tree.name, "the test \"" + tree.name.value + "\" expects nothing",
            "end it with expect alert or expect no alert");
    }
    return std::move(result_);
  }

 private:
  void add(const ast::test_event& tree) {
    const auto found = work_.names.events.find(tree.event.name);
    if (found == work_.names.events.end()) {
      return work_.found.unknown(span_of(file_, tree.event), "there is no event " + quoted(tree.event.name),
                                 did_you_mean(tree.event.name, names_of(work_.names.events)));
    }
    test_event event{.type = found->second.id, .at = {}, .fields = {}};
    std::set<std::string> seen;
    for (const auto& value : tree.values) {
      if (!seen.insert(value.field.name).second) {
        error(value.field, quoted(value.field.name) + " has a value already");
      } else {
        set(event, value, found->second);
      }
    }
    if (!seen.contains("at")) {
      error(tree.event, "nothing says when this " + quoted(tree.event.name) + " comes", "give it a time: at: 9m");
    }
    const auto behind = std::ranges::upper_bound(result_.events, event.at, {}, &test_event::at);
    result_.events.insert(behind, std::move(event));
  }

  void set(test_event& event, const ast::test_value& value, const declared_event& declared_as) {
    const auto& type = work_.names.schema[event.type];
    const stream::field time{.name = "at", .type = {.kind = type_kind::time}};
    const auto id = type.find(value.field.name);
    const bool is_time = value.field.name == "at";
    if (!id && !is_time) return unknown_field(type, value.field, declared_as);
    auto constant = boost::apply_visitor(field_value(is_time ? time : type[*id], value.negative, work_.names.schema),
                                         value.value.get());
    if (!constant) return error(value, constant.error().message, constant.error().hint);
    if (is_time) {
      event.at = stream::timestamp(stream::duration(static_cast<std::int64_t>(std::get<int128>(*constant))));
    } else {
      event.fields.emplace_back(*id, *std::move(constant));
    }
  }

  void unknown_field(const stream::event_type& type, const ast::identifier& field, const declared_event& declared_as) {
    if (declared_as.in_error.contains(field.name)) return;
    std::vector<std::string> candidates = {"at"};
    for (const auto& candidate : type.fields) candidates.push_back(candidate.name);
    error(field, quoted(type.name) + " has no field " + quoted(field.name), did_you_mean(field.name, candidates));
  }

  void expect(const ast::test_expectation& tree) {
    expectation result;
    result.alerts = tree.none ? 0 : 1;
    result.where = span_of(file_, tree);
    if (tree.count) {
      const auto count = whole_number(*tree.count);
      if (!count || *count > std::numeric_limits<std::uint32_t>::max()) {
        error(*tree.count, "expected a whole number of alerts");
      } else {
        result.alerts = static_cast<std::uint32_t>(*count);
      }
    }
    if (!tree.subject.empty()) expect_subject(tree, result);
    if (tree.at) {
      const auto at = duration_value(*tree.at);
      if (!at) return error(*tree.at, at.error().message);
      result.at = stream::timestamp(stream::duration(static_cast<std::int64_t>(std::get<int128>(at->constant))));
    }
    result_.expectations.push_back(std::move(result));
  }

  void expect_subject(const ast::test_expectation& tree, expectation& into) {
    const auto& names = tested_.subject_names;
    for (const auto& value : tree.subject) into.subject.push_back(subject_text(value));
    if (names.empty()) return error(tree, "this rule has no subject", "leave out the `for`");
    if (names.size() == into.subject.size()) return;
    error(tree,
          "the rule is about " + listed(quoted_all(names)) + ": " + count_of(names.size(), "value") + " here, not " +
              std::to_string(into.subject.size()),
          "give them in this order, parted by commas");
  }

  static std::vector<std::string> quoted_all(std::vector<std::string> names) {
    for (auto& name : names) name = quoted(name);
    return names;
  }

  static std::string count_of(std::size_t n, const std::string& noun) {
    return std::to_string(n) + " " + noun + (n == 1 ? "" : "s");
  }

  static std::string subject_text(const ast::subject_value& subject) {
    if (const auto* word = boost::get<ast::identifier>(&subject)) return word->name;
    if (const auto* text = boost::get<ast::text_literal>(&subject)) return text->value;
    return boost::get<ast::number_literal>(subject).digits;
  }

  void error(const ast::located& place, std::string message, std::string hint = {}) {
    work_.found.error(span_of(file_, place), std::move(message), std::move(hint));
  }

  std::uint32_t file_;
  const rule& tested_;
  workplace& work_;
  rule_test result_;
};

}  // namespace

rule_test lower_test(const ast::test_clause& tree, std::uint32_t file, const rule& tested, workplace& work) {
  return test_lowering(file, tested, work).lower(tree);
}

}  // namespace weir::rules
