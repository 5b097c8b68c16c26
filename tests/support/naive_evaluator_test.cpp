// What an expression's operations give, by hand from cep/expression.hpp and docs/semantics.md.
#include "tests/support/naive_evaluator.hpp"

#include <cmath>

#include <catch2/catch.hpp>

#include "tests/support/naive_lookup.hpp"
#include "tests/support/pattern_builder.hpp"

using namespace weir;
using namespace weir::testing;
using cep::expression;
using cep::int128;
using cep::operation;
using cep::value_kind;

namespace {

const cep::reference_data data = [] {
  cep::reference_data made;
  made.tables.push_back(
      {.key = {.kind = value_kind::text},
       .columns = {{.kind = value_kind::text}, {.kind = value_kind::exact, .digits = 2}},
       .rows = {{"A1", {std::string("AT"), int128{150}}}, {"A2", {std::string("DE"), std::nullopt}}}});
  made.lists.push_back({.type = {.kind = value_kind::ip}, .values = {"10.0.0.0/8", "192.168.1.7"}});
  made.models.push_back([](std::span<const double> x) { return std::isnan(x[1]) ? -1.0 : 2 * x[0] + x[1]; });
  return made;
}();

naive_value value_of(const expression& e) { return evaluate(e, {.data = &data}); }
bool is_true(const expression& e) { return holds(e, {.data = &data}); }

expression call(operation op, cep::value_type type, std::vector<expression> args, std::uint16_t index = 0) {
  return {.op = op, .type = type, .index = index, .args = std::move(args)};
}
expression number(std::int64_t n, int digits) {
  return constant(int128{n}, {.kind = value_kind::exact, .digits = static_cast<std::uint8_t>(digits)});
}
expression real(double d) { return constant(d, {.kind = value_kind::real}); }
expression address(std::string_view written) { return constant(*stream::parse_ip(written), {.kind = value_kind::ip}); }
expression missing_number() {
  return arithmetic(operation::divide, {.kind = value_kind::real}, constant(1), constant(0));
}
expression missing_text() {
  expression e = call(operation::table_field, {.kind = value_kind::text}, {text("nobody")});
  return e;
}

}  // namespace

TEST_CASE("the oracle's text functions") {
  const cep::value_type text_type{.kind = value_kind::text};
  CHECK(value_of(call(operation::lower, text_type, {text("Ab-C1")})) == naive_value(std::string("ab-c1")));
  CHECK(value_of(call(operation::upper, text_type, {text("Ab-c1")})) == naive_value(std::string("AB-C1")));
  CHECK(value_of(call(operation::upper, text_type, {text("\u00e4\u00f7 \u00de")})) ==
        naive_value(std::string("\u00c4\u00f7 \u00de")));
  CHECK(value_of(call(operation::lower, text_type, {text("\u00c0\u00d7z")})) ==
        naive_value(std::string("\u00e0\u00d7z")));
  CHECK(value_of(call(operation::length, {.kind = value_kind::exact}, {text("häß")})) == naive_value(int128{3}));
  CHECK(value_of(call(operation::lower, text_type, {missing_text()})) == naive_value());
  const auto tells = [](operation op, const char* a, const char* b) { return is_true(truth(op, text(a), text(b))); };
  CHECK(tells(operation::starts_with, "abc", "ab"));
  CHECK_FALSE(tells(operation::starts_with, "abc", "bc"));
  CHECK(tells(operation::ends_with, "abc", "bc"));
  CHECK_FALSE(tells(operation::ends_with, "abc", "ab"));
  CHECK(tells(operation::contains, "abc", "b"));
  CHECK(tells(operation::contains, "abc", ""));
  CHECK_FALSE(tells(operation::contains, "abc", "ac"));
  CHECK(tells(operation::matches, "abc", "b[cd]$"));
  CHECK_FALSE(tells(operation::matches, "abc", "^b"));
  CHECK_FALSE(is_true(truth(operation::contains, missing_text(), text(""))));
}

TEST_CASE("the oracle rounds halves away from zero") {
  const auto rounded = [](std::int64_t n, int digits, std::uint16_t to) {
    return value_of(call(operation::round, {.kind = value_kind::exact}, {number(n, digits)}, to));
  };
  CHECK(rounded(250, 2, 0) == naive_value(int128{3}));
  CHECK(rounded(249, 2, 0) == naive_value(int128{2}));
  CHECK(rounded(-250, 2, 0) == naive_value(int128{-3}));
  CHECK(value_of(call(operation::round, {.kind = value_kind::exact, .digits = 1}, {number(-1'250, 3)}, 1)) ==
        naive_value(int128{-13}));
  const auto of_real = [](double d, std::uint16_t to) {
    return value_of(call(operation::round, {.kind = value_kind::real}, {real(d)}, to));
  };
  CHECK(of_real(2.5, 0) == naive_value(3.0));
  CHECK(of_real(-2.5, 0) == naive_value(-3.0));
  CHECK(of_real(0.375, 2) == naive_value(0.38));
}

TEST_CASE("the oracle rounds money to whole units, whose parts it counts") {
  const cep::value_type euros{
      .kind = value_kind::real, .unit = cep::unit::money, .currency = *stream::find_currency("EUR")};
  const auto cents = [&](double d, std::uint16_t to) {
    return value_of(call(operation::round, euros, {constant(d, euros)}, to));
  };
  CHECK(cents(1'250.5, 0) == naive_value(1'300.0));
  CHECK(cents(1'250.5, 2) == naive_value(1'251.0));
}

TEST_CASE("the oracle's absolute value") {
  CHECK(value_of(call(operation::absolute, {.kind = value_kind::exact}, {constant(-3)})) == naive_value(int128{3}));
  CHECK(value_of(call(operation::absolute, {.kind = value_kind::real}, {real(-0.5)})) == naive_value(0.5));
  CHECK(value_of(call(operation::absolute, {.kind = value_kind::real}, {missing_number()})) == naive_value());
}

TEST_CASE("the oracle's distance is along a great circle") {
  const auto km = [](double a, double b, double c, double d) {
    return std::get<double>(
        value_of(call(operation::distance_km, {.kind = value_kind::real}, {real(a), real(b), real(c), real(d)})));
  };
  CHECK(km(0, 0, 0, 0) == 0);
  CHECK(km(0, 0, 0, 180) == Approx(20'015.115));
  CHECK(km(48.2082, 16.3738, 52.5200, 13.4050) == Approx(523.6).epsilon(0.001));  // Vienna to Berlin
}

TEST_CASE("the oracle's blocks of addresses") {
  const auto in = [](const char* a, const char* block, int bits) {
    return is_true(call(operation::in_subnet, {}, {address(a), address(block), constant(bits)}));
  };
  CHECK(in("10.1.2.3", "10.0.0.0", 96 + 8));
  CHECK_FALSE(in("11.1.2.3", "10.0.0.0", 96 + 8));
  CHECK(in("10.1.2.3", "10.1.2.2", 96 + 31));
  CHECK_FALSE(in("10.1.2.3", "10.1.2.2", 96 + 32));
  CHECK(in("1.2.3.4", "0.0.0.0", 96));
  CHECK(in("2001:db8::1", "2001:db8::", 32));
  CHECK_FALSE(in("1.2.3.4", "::", 0));
  CHECK_FALSE(in("2001:db8::1", "0.0.0.0", 96));
  const auto listed = [](const char* a) { return is_true(call(operation::in_list, {}, {address(a)})); };
  CHECK(listed("10.9.9.9"));
  CHECK(listed("192.168.1.7"));
  CHECK_FALSE(listed("192.168.1.8"));
}

TEST_CASE("the oracle reads a table's row by its key") {
  const auto column = [](const char* key, std::uint16_t field, cep::value_type type) {
    expression e = call(operation::table_field, type, {text(key)});
    e.field = stream::field_id(field);
    return value_of(e);
  };
  const cep::value_type cents{.kind = value_kind::exact, .digits = 2};
  CHECK(column("A1", 0, {.kind = value_kind::text}) == naive_value(std::string("AT")));
  CHECK(column("A1", 1, cents) == naive_value(int128{150}));
  CHECK(column("A2", 1, cents) == naive_value());
  CHECK(column("A3", 0, {.kind = value_kind::text}) == naive_value());
  CHECK(is_true(call(operation::in_table, {}, {text("A2")})));
  CHECK_FALSE(is_true(call(operation::in_table, {}, {text("A3")})));
  CHECK_FALSE(is_true(call(operation::in_table, {}, {missing_text()})));
}

TEST_CASE("the oracle asks a model, a missing argument as not a number") {
  const auto score = [](expression a, expression b) {
    return value_of(call(operation::score, {.kind = value_kind::real}, {std::move(a), std::move(b)}));
  };
  CHECK(score(constant(3), real(0.5)) == naive_value(6.5));
  CHECK(score(constant(3), missing_number()) == naive_value(-1.0));
}
