#include "stream/table.hpp"

#include <catch2/catch.hpp>

#include "sample.hpp"
#include "stream/batch.hpp"

using namespace weir::stream;
using weir::testing::sample_schema;

namespace {

const schema types = sample_schema();
const event_type& thing = types[*types.find("thing")];

field_id field_of(std::string_view name) { return *thing.find(name); }

timestamp at_second(int s) { return timestamp{std::chrono::seconds{s}}; }

}  // namespace

TEST_CASE("room for rows changes nothing but their cost") {
  const event_type_id payment = *types.find("payment");
  symbols names(types);
  batch first(types);
  first[payment][field_id{0}].push_text("a text");
  first[payment].close_row(timestamp{}, {});
  batch second(types);
  second.reserve(first.measure(), 1);
  CHECK(second[payment].size() == 0);
  CHECK(second.bytes() > 0);
  second[payment][field_id{0}].push_text("b");
  second[payment].close_row(timestamp{}, {});
  CHECK(second[payment][field_id{0}].text(0) == "b");
  CHECK_FALSE(second[payment][field_id{1}].present(0));
}

TEST_CASE("a closed row counts columns that got no value as missing") {
  table rows(thing);
  rows[field_of("count")].push_number(7);
  rows[field_of("note")].push_text("hello");
  rows.close_row(at_second(1), {source_id{2}, 30});
  CHECK(rows.size() == 1);
  CHECK(rows.at(0) == at_second(1));
  CHECK(rows.from(0) == origin{source_id{2}, 30});
  CHECK(rows[field_of("count")].number(0) == 7);
  CHECK(rows[field_of("note")].text(0) == "hello");
  CHECK_FALSE(rows[field_of("real")].present(0));
  CHECK(rows[field_of("real")].size() == 1);
}

TEST_CASE("an abandoned row leaves every column as it was, at any length") {
  for (const int kept : {0, 1, 63, 64, 65}) {
    CAPTURE(kept);
    table rows(thing);
    for (int i = 0; i < kept; ++i) {
      rows[field_of("note")].push_text(std::to_string(i));
      rows.close_row(at_second(i), {});
    }
    rows[field_of("note")].push_text("gone");
    rows[field_of("flag")].push_boolean(true);
    rows[field_of("ip")].push_missing();
    rows.abandon_row();
    rows[field_of("flag")].push_missing();
    rows[field_of("note")].push_text("next");
    rows.close_row(at_second(kept), {});
    const auto last = static_cast<std::size_t>(kept);
    CHECK(rows.size() == last + 1);
    CHECK_FALSE(rows[field_of("flag")].present(last));
    CHECK(rows[field_of("note")].text(last) == "next");
    CHECK(rows[field_of("ip")].size() == last + 1);
    if (kept > 0) CHECK(rows[field_of("note")].text(last - 1) == std::to_string(kept - 1));
  }
}

TEST_CASE("a row taken from another table is the same row") {
  table from(thing);
  from[field_of("real")].push_real(2.5);
  from[field_of("ip")].push_address(*parse_ip("10.0.0.1"));
  from[field_of("card")].push_id(symbol{9});
  from.close_row(at_second(3), {source_id{1}, 5});
  table into(thing);
  into.push_from(from, 0);
  CHECK(into.at(0) == at_second(3));
  CHECK(into.from(0) == origin{source_id{1}, 5});
  CHECK(into[field_of("real")].real(0) == 2.5);
  CHECK(to_text(into[field_of("ip")].address(0)) == "10.0.0.1");
  CHECK(into[field_of("card")].id(0) == symbol{9});
  CHECK_FALSE(into[field_of("note")].present(0));
}

TEST_CASE("an address is one value in every spelling") {
  CHECK(parse_ip("::ffff:10.0.0.1") == parse_ip("10.0.0.1"));
  CHECK(parse_ip("2001:DB8::1") == parse_ip("2001:db8:0:0:0:0:0:1"));
  for (const char* text : {"", "10.0.0", "10.0.0.256", "1.2.3.4.5", ":::", "10.0.0.1 ", "2001:db8::1::"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_ip(text).has_value());
  }
}
