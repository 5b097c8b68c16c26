#include <catch2/catch.hpp>

#include <filesystem>

#include "stream/currency.hpp"
#include "stream/file/file_source.hpp"
#include "stream/framer.hpp"
#include "stream/intake.hpp"

using namespace weir::stream;

namespace {

schema transfer_schema() {
  schema types;
  const field_type account{.kind = type_kind::entity, .entity = types.add_entity("account")};
  const field_type usd{.kind = type_kind::money, .currency = find_currency("USD").value()};
  types.add({.name = "transfer",
             .fields = {
                 {.name = "from", .type = account}, {.name = "to", .type = account}, {.name = "amount", .type = usd}}});
  return types;
}

source_options transfers() {
  source_options source{.name = "transfers", .format = {}, .lateness = duration::zero()};
  source.format = {.syntax = record_syntax::csv,
                   .event = event_type_id{0},
                   .time_field = "time",
                   .time_unit = std::chrono::hours{1},
                   .renamed = {{"from", "sourceNodeId"}, {"to", "targetNodeId"}, {"amount", "value"}}};
  return source;
}

}  // namespace

TEST_CASE("the AMLSim sample is read whole, packed as it is") {
  const std::string path = std::string{WEIR_SHARED_DATA} + "/amlsim/transactions.csv.gz";
  if (!std::filesystem::exists(path)) {
    WARN("the sample is not here: nothing was tested");
    return;
  }
  const schema types = transfer_schema();
  symbols names(types);
  intake in(types, names, {transfers()});
  record_framer framer(record_syntax::csv, source_id{});
  auto file = file_source::open({.path = path});
  REQUIRE(file.has_value());
  std::vector<set_aside_record> aside;
  std::size_t rows = 0;
  std::int64_t cents = 0;
  std::string buffer(10'000, '\0');
  for (bool ended = false; !ended;) {
    const auto read = file->read(buffer);
    REQUIRE(read.has_value());
    ended = read->ended;
    auto made = ended ? framer.finish() : framer.push(std::string_view{buffer}.substr(0, read->bytes), aside);
    if (made) in.feed(source_id{}, std::move(*made));
    while (const auto given = in.next(1000, aside)) {
      rows += given->size();
      for (const std::int64_t c : (*given)[event_type_id{0}][field_id{2}].values<column::numbers>()) cents += c;
    }
  }
  CHECK(rows == 117'805);
  CHECK(aside.empty());
  CHECK(cents == 3300340768);
  CHECK(in.greatest_time() == timestamp{std::chrono::hours{149}});
  CHECK(names.entities(entity_type_id{0}).size() <= 20'000);
}
