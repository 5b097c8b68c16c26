#include "cep/references.hpp"

#include <catch2/catch.hpp>

namespace weir::cep {

namespace {

struct world {
  stream::schema types{};
  stream::symbols names{types};

  value text(std::string_view t) { return value::of(names.texts().intern(t)); }
};

constexpr value_type text_type{.kind = value_kind::text};
constexpr value_type whole{.kind = value_kind::exact};
constexpr value_type address{.kind = value_kind::ip};

value ip(std::string_view text) { return value::of(*stream::parse_ip(text)); }

}  // namespace

TEST_CASE("a block of addresses is its first bits") {
  CHECK(parse_block("10.0.0.0/8") == address_block{*stream::parse_ip("10.0.0.0"), 104});
  CHECK(parse_block("10.1.2.3/8") == parse_block("10.0.0.0/8"));
  CHECK(parse_block("10.1.2.3") == address_block{*stream::parse_ip("10.1.2.3"), 128});
  CHECK(parse_block("2001:db8::/33")->contains(*stream::parse_ip("2001:db8:7fff::1")));
  CHECK_FALSE(parse_block("2001:db8::/33")->contains(*stream::parse_ip("2001:db8:8000::1")));
  CHECK(parse_block("0.0.0.0/0")->contains(*stream::parse_ip("255.1.2.3")));
  CHECK_FALSE(parse_block("0.0.0.0/0")->contains(*stream::parse_ip("::1")));
  CHECK(parse_block("::/0")->contains(*stream::parse_ip("::1")));
  CHECK_FALSE(parse_block("::/0")->contains(*stream::parse_ip("1.2.3.4")));
  for (const auto* wrong : {"", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8x", "::/129", "10/8"}) {
    INFO(wrong);
    CHECK_FALSE(parse_block(wrong));
  }
}

TEST_CASE("a list of addresses holds blocks and single ones") {
  world w;
  const references lookups({{{address, {"10.0.0.0/8", "192.0.2.7", "2001:db8::/32"}}}, {}, {}, {}}, w.names);
  CHECK(lookups.contains(0, ip("10.9.8.7"), address));
  CHECK(lookups.contains(0, ip("192.0.2.7"), address));
  CHECK(lookups.contains(0, ip("2001:db8::5"), address));
  CHECK_FALSE(lookups.contains(0, ip("192.0.2.8"), address));
}

TEST_CASE("a table gives the cell of its key's row") {
  world w;
  value_table clients{.key = text_type, .columns = {text_type, whole}, .rows = {}};
  clients.rows.push_back({"a", {constant_value{std::string("DE")}, constant_value{int128{7}}}});
  clients.rows.push_back({"b", {std::nullopt, constant_value{int128{8}}}});
  const references lookups({{}, {clients}, {}, {}}, w.names);
  CHECK(lookups.cell(0, w.text("a"), 0).id == w.text("DE").id);
  CHECK(lookups.cell(0, w.text("b"), 1).exact == 8);
  CHECK_FALSE(lookups.cell(0, w.text("b"), 0).present);
  CHECK_FALSE(lookups.cell(0, w.text("c"), 1).present);
  CHECK(lookups.has_row(0, w.text("b")));
  CHECK_FALSE(lookups.has_row(0, w.text("c")));
}

TEST_CASE("a table may have whole numbers as keys") {
  world w;
  const value_table codes{.key = whole, .columns = {whole}, .rows = {{"-5", {constant_value{int128{1}}}}}};
  const references lookups({{}, {codes}, {}, {}}, w.names);
  CHECK(lookups.cell(0, value::of(int128{-5}), 0).exact == 1);
  CHECK_FALSE(lookups.has_row(0, value::of(int128{5})));
  CHECK_FALSE(lookups.has_row(0, value::of((int128{1} << 64) - 5)));
}

TEST_CASE("lists and tables are replaced whole") {
  world w;
  references lookups({{{text_type, {"a"}}}, {{.key = text_type, .columns = {}, .rows = {{"a", {}}}}}, {}, {}}, w.names);
  lookups.replace_list(0, {text_type, {"b"}}, w.names);
  lookups.replace_table(0, {.key = text_type, .columns = {}, .rows = {{"b", {}}}}, w.names);
  CHECK_FALSE(lookups.contains(0, w.text("a"), text_type));
  CHECK(lookups.contains(0, w.text("b"), text_type));
  CHECK_FALSE(lookups.has_row(0, w.text("a")));
  CHECK(lookups.has_row(0, w.text("b")));
}

}  // namespace weir::cep
